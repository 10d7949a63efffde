//! What to do next with a packet that is to be sent, whatever was lost before. Pure: whoever calls does what it says.

use crate::answer::{Answer, Code, Entry};

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Ask which packets were sent: an answer may have been lost.
    AskSent,
    /// Send it.
    Send,
    /// Nothing more in this turn.
    End(Outcome),
}

/// What became of a packet in a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The axis has it.
    Sent,
    /// It never will: the code, and what the axis said.
    Never(Code, String),
    /// Later: why.
    Later(String),
}

/// What was heard after a step.
#[derive(Debug)]
pub enum Heard {
    /// What [`Step::AskSent`] brought.
    Sent(Result<Vec<Entry>, Answer>),
    /// What [`Step::Send`] brought.
    Answer(Answer),
}

/// A packet on its way.
#[derive(Debug, Clone)]
pub struct Sending {
    hash: String,
    next: Step,
}

impl Sending {
    /// A packet with a hash; `tried` when it may have been handed in before.
    pub fn new(hash: &str, tried: bool) -> Sending {
        Sending { hash: hash.to_owned(), next: if tried { Step::AskSent } else { Step::Send } }
    }

    /// What to do now.
    pub fn step(&self) -> &Step {
        &self.next
    }

    /// Takes what was heard.
    pub fn hear(&mut self, heard: Heard) {
        self.next = match heard {
            Heard::Sent(Ok(sent)) if sent.iter().any(|entry| entry.hash == self.hash) => {
                Step::End(Outcome::Sent)
            }
            // Who cannot ask sends: whoever receives it knows it by its content.
            Heard::Sent(Ok(_)) => Step::Send,
            Heard::Sent(Err(Answer::Refused(code, _))) if !code.may_pass() => Step::Send,
            Heard::Answer(Answer::Done) => Step::End(Outcome::Sent),
            Heard::Sent(Err(answer)) | Heard::Answer(answer) => Step::End(judged(answer)),
        };
    }
}

fn judged(answer: Answer) -> Outcome {
    match answer {
        Answer::Refused(code, words) if !code.may_pass() => Outcome::Never(code, words),
        Answer::Refused(code, words) => Outcome::Later(format!("{}: {words}", code.number())),
        Answer::Unclear(why) => Outcome::Later(why),
        Answer::Done => Outcome::Later("no list".to_owned()),
    }
}
