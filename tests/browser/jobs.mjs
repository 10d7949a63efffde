// The jobs of an office and how many presses each may cost: the table that the clerk time test (S24) goes through, once
// with the pointer and once with the keyboard alone. A press is a click, or Enter or the space bar on what one has moved
// to; writing, and moving by Tab and arrows, is not counted. A PIN is written, not pressed.
export const JOBS = [
  { id: 'accept', job: 'accept a letter, number it and pass it to the leader', presses: 2 },
  { id: 'accept-twenty', job: 'the same for twenty at once', presses: 3 },
  { id: 'reject', job: 'return a letter that came to the wrong agency', presses: 3 },
  { id: 'paper', job: 'register paper from its scan', presses: 4 },
  { id: 'direct', job: 'direct a letter as suggested', presses: 2 },
  { id: 'direct-otherwise', job: 'direct a letter with another lead and other words', presses: 4 },
  { id: 'sign', job: 'sign one draft', presses: 2 },
  { id: 'sign-all', job: 'sign every draft that waits with one PIN', presses: 3 },
  { id: 'assign', job: 'assign a letter to an officer', presses: 2 },
  { id: 'approve', job: 'approve a draft', presses: 2 },
  { id: 'return', job: 'return a draft with a comment', presses: 3 },
  { id: 'reply', job: 'from a letter to an editable answer (2) and to its submission (2 more)', presses: 4 },
  { id: 'issue', job: 'number, seal and send a document to the 13 districts', presses: 3 },
  { id: 'not-received', job: 'see who has not received a document', presses: 1 },
  { id: 'recall', job: 'ask a document back with a reason', presses: 3 },
  { id: 'give-back', job: 'answer a sender who asks a document back', presses: 2 },
  { id: 'remind', job: 'remind everybody who is late', presses: 2 },
  { id: 'opinion', job: 'give an opinion', presses: 2 },
  { id: 'close', job: 'close a task (2) and file its document in a dossier (2 more)', presses: 4 },
  { id: 'find', job: 'find a document by words without accents', presses: 1 },
  { id: 'print', job: 'print a range of a register', presses: 3 },
  { id: 'delegate', job: 'delegate while away', presses: 4 },
  { id: 'resend', job: 'send again what could not be delivered', presses: 2 },
];

/** Every row once with each hand. A row nobody tells, and a story of no row, is an error of the table. */
export function tellEach(told) {
  const names = Object.keys(told);
  const [untold, strange] = [
    JOBS.filter(({ id }) => !names.includes(id)).map(({ id }) => id),
    names.filter((name) => !JOBS.some(({ id }) => id === name)),
  ];
  if (untold.length + strange.length > 0) throw new Error(`jobs without a story: ${untold}; stories without a job: ${strange}`);
  return ['pointer', 'keyboard'].flatMap((hand) => JOBS.map(({ id, job, presses }) => ({
    name: `${job}, ${presses} (${hand})`,
    run: (t) => told[id](t, { hand, presses }),
  })));
}
