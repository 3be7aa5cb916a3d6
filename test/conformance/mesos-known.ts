// Where the lab's Mesos is knowingly not like the recorded one, each with its reason.
export const KNOWN: { pattern: RegExp; reason: string }[] = [
  {
    pattern: /offered_resources(_full)?(\/ports)?: (missing|recorded not empty)|\/offers: recorded not empty/,
    reason: 'offers stood with the recorded framework; Marathon declines what it does not take',
  },
  {
    pattern: /\/frameworks\[\]\/resources\/ports: missing/,
    reason: 'the same: a framework has what it was offered',
  },
  {
    pattern: /tasks\[\]\/user: not recorded/,
    reason: 'Marathon says the user of every task of ours (recorded in 482); the recorded framework does not',
  },
  {
    pattern: /(tasks|executors)\[\]\/labels: missing/,
    reason: 'the recorded framework labels its tasks; apps of ours have no labels',
  },
  {
    pattern: /203-agent-read-stderr .*\/data: recorded/,
    reason: "the executor's own log is not modelled",
  },
  {
    pattern: /524-.*health_check\/command\/arguments: missing/,
    reason: 'Marathon gives commands to the shell',
  },
];
