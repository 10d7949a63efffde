-- What is late, and what urgent work nobody has looked at: read every few minutes, over all agencies.
CREATE INDEX platform_tasks_open_due ON platform_tasks (due_at) WHERE done_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX platform_tasks_unopened ON platform_tasks (given_at)
    WHERE done_at IS NULL AND opened_at IS NULL AND urgency > 0;
