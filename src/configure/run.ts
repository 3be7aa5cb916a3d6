// The wizard, from the first look to the written file.
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT, type ExitCode, UserError } from '../errors.ts';
import { oneLine } from '../options/problems.ts';
import { nextLines } from '../view/status.ts';
import type { Terminal } from '../view/terminal.ts';
import { lookText } from '../view/wizard-look.ts';
import type { Prompts } from '../view/wizard-prompts.ts';
import { widthOf } from '../view/wizard-question.ts';
import { resultText } from '../view/wizard-result.ts';
import { wrap } from '../view/wrap.ts';
import type { Answers } from '../wizard/answers.ts';
import { answer, back, begin, inputOf, type Next, next, type State, tested } from '../wizard/flow.ts';
import { judge } from '../wizard/judge.ts';
import { answersAll } from '../wizard/questions/endpoints.ts';
import { questionScreen, replaceScreen, resultScreen, takeUpScreen } from '../wizard/screens.ts';
import type { Walked } from '../wizard/walk.ts';
import { draftFile, dropDraft, keepDraft, readDraft } from './draft.ts';
import { holdGiven, notAsked, unfit } from './given.ts';
import { type Looked, look } from './look.ts';
import { holds, isThere, writeOptionsFile } from './options-file.ts';
import { configureDocument, type Outcome, outcomeOf } from './outcome.ts';
import { conflict, fileIsThere, idleAnswers } from './refusals.ts';
import { removeTest, type Time, testEndpoints } from './test-endpoints.ts';
import { unattended } from './unattended.ts';

export interface ConfigureRequest {
  /** Where the options go. */
  file: string;
  set: readonly string[];
  given: Answers;
  apiOnly: boolean;
  yes: boolean;
  /** `--marathon NAME`, for the commands that are shown. */
  marathon: string;
}

export interface ConfigureView {
  print(text: string): void;
  say(text: string): void;
  /** Where questions are shown. */
  talk(): Terminal;
  out: Terminal;
  /** Undefined where there is nobody to ask. */
  prompts: (() => Promise<Prompts>) | undefined;
  onInterrupt(action: () => string | undefined | Promise<string | undefined>): void;
  env: Record<string, string | undefined>;
}

export interface Configured {
  exit: ExitCode;
  document?: unknown;
  /** Whether to go on to the install. */
  install: boolean;
}

const NEXT = 'dcos calico configure';
const KEPT = `Your answers are kept; go on with: ${NEXT}`;

export class Wizard {
  readonly #cluster: Cluster;
  readonly #request: ConfigureRequest;
  readonly #view: ConfigureView;
  readonly #time: Time;
  readonly #draft: string;
  #looked!: Looked;
  #state: State;
  #keeps = true;

  constructor(cluster: Cluster, request: ConfigureRequest, view: ConfigureView, time: Time) {
    this.#cluster = cluster;
    this.#request = request;
    this.#view = view;
    this.#time = time;
    this.#draft = draftFile(cluster.url, view.env);
    this.#state = begin(request.given);
  }

  async run(): Promise<Configured> {
    const { file, set, apiOnly } = this.#request;
    const { say, talk } = this.#view;
    const fileIsThere = isThere(file);
    say(`Looking at ${this.#cluster.url}; this changes nothing`);
    this.#looked = await look(this.#cluster, { file, fileIsThere, set, apiOnly });
    const { found, base, installed, findings } = this.#looked;
    say(lookText({ found, base, fileIsThere, installed, findings }, talk()));
    for (const warning of this.#looked.warnings) say(`Warning: ${oneLine(warning)}`);
    await holdGiven(found, base, this.#state);
    if (!this.#view.prompts) return this.#unattended();
    try {
      return await this.#attended(await this.#view.prompts());
    } catch (error) {
      if (error instanceof UserError && this.#state.trail.length > 0 && this.#keeps) say(KEPT);
      throw error;
    }
  }

  async #attended(prompts: Prompts): Promise<Configured> {
    if (!(await this.#takeUp(prompts))) return this.#left();
    for (;;) {
      const { found, base } = this.#looked;
      const now = next(found, base, this.#state);
      if (now.kind === 'test') await this.#test(now);
      else if (now.kind === 'conflict') {
        for (const problem of now.problems) this.#say(`These do not go together: ${oneLine(problem)}`);
        if (this.#state.trail.length === 0) throw conflict(now.problems.map(oneLine));
        this.#state = back(this.#state);
      } else if (now.kind === 'done') {
        const ended = await this.#result(prompts, now.walked);
        if (ended) return ended;
      } else if (!(await this.#ask(prompts, now))) return this.#left();
    }
  }

  /** False: the person leaves. */
  async #ask(prompts: Prompts, now: Extract<Next, { kind: 'ask' }>): Promise<boolean> {
    const { found, base } = this.#looked;
    const { question, context } = now;
    const check = (value: string) => judge(question, value, context, inputOf(found, base, this.#state));
    const reply = await prompts.ask(questionScreen(now), check);
    if (reply.kind === 'back') this.#state = back(this.#state);
    else if (reply.kind !== 'answer') return false;
    else {
      // A choice is judged only here: what it contradicts was set beforehand.
      const value = question.normal?.(reply.value) ?? reply.value;
      const wrong = await check(value);
      if (wrong) this.#say(`Not taken: ${wrong}`);
      else this.#state = answer(this.#state, question.id, value);
    }
    this.#keep();
    await this.#askUnfit();
    return true;
  }

  /** What a flag said for a question that has come up only now, and that cannot be used: it is asked after all. */
  async #askUnfit(): Promise<void> {
    const { found, base } = this.#looked;
    for (const { id, why } of await unfit(found, base, this.#state)) {
      this.#say(`Not taken: ${why}`);
      const { [id]: _, ...given } = this.#state.given;
      this.#state = { ...this.#state, given };
    }
  }

  /** False: the person leaves. */
  async #takeUp(prompts: Prompts): Promise<boolean> {
    const kept = readDraft(this.#draft);
    if (!kept) return true;
    const reply = await prompts.ask(takeUpScreen(kept.trail.length));
    if (reply.kind !== 'answer') return false;
    if (reply.value !== 'take up') {
      dropDraft(this.#draft);
      return true;
    }
    await this.#replay(kept);
    return true;
  }

  /** What was answered then, as far as it still answers what is asked. */
  async #replay({ trail, remembered }: Pick<State, 'trail' | 'remembered'>): Promise<void> {
    const { found, base } = this.#looked;
    const values = Object.fromEntries(trail.map(({ id, value }) => [id, value]));
    this.#state = { ...this.#state, remembered: { ...remembered, ...values } };
    for (const { id, value } of trail) {
      const now = next(found, base, this.#state);
      if (now.kind !== 'ask' || now.question.id !== id) return;
      if (await judge(now.question, value, now.context, inputOf(found, base, this.#state))) return;
      this.#state = answer(this.#state, id, value);
    }
  }

  async #test({ context, endpoints }: Extract<Next, { kind: 'test' }>): Promise<void> {
    const agent = this.#looked.found.testFrom!;
    this.#say(`Asking ${endpoints.join(', ')} from the agent ${agent}, by a task that is removed afterwards`);
    const before = this.#looked.read.snapshot.group !== undefined;
    const remove = () => removeTest(this.#cluster, before, this.#time);
    this.#view.onInterrupt(async () => {
      await remove().catch(() =>
        this.#say('The task is still there: dcos marathon app remove /calico/ops/endpoints'),
      );
      return this.#interrupted();
    });
    try {
      const { options } = context;
      const result = await testEndpoints(
        this.#cluster,
        { read: this.#looked.read, agent, options },
        this.#time,
      );
      this.#state = tested(this.#state, context, result);
      if (answersAll(result)) this.#say(`etcd answers the agent ${agent} at every address`);
    } finally {
      await remove();
      this.#view.onInterrupt(() => this.#interrupted());
    }
  }

  /** Undefined: back to the questions. */
  async #result(prompts: Prompts, walked: Walked): Promise<Configured | undefined> {
    const outcome = await outcomeOf(this.#cluster, walked, this.#request, this.#time.now());
    this.#say(resultText(outcome, this.#view.talk()));
    const { file } = this.#request;
    const reply = await prompts.ask(resultScreen(file, outcome.installs, this.#state.trail.length > 0));
    if (reply.kind === 'back') {
      this.#state = back(this.#state);
      this.#keep();
      return undefined;
    }
    if (reply.kind !== 'answer') return this.#left();
    const there = isThere(file);
    if (there && !holds(file, outcome.text)) {
      const replace = await prompts.ask(replaceScreen(file));
      if (replace.kind === 'interrupt' || replace.kind === 'leave') return this.#left();
      if (replace.kind !== 'answer' || replace.value !== 'replace') return undefined;
    }
    return this.#write(outcome, there, reply.value === 'install');
  }

  async #unattended(): Promise<Configured> {
    const { found, base } = this.#looked;
    const { yes, file } = this.#request;
    this.#state = await unattended(found, base, this.#state, yes, (now) =>
      this.#test(now).then(() => this.#state),
    );
    const now = next(found, base, this.#state);
    if (now.kind === 'conflict') throw conflict(now.problems.map(oneLine));
    if (now.kind !== 'done') throw new Error(`the wizard has come to no end: ${now.kind}`);
    await holdGiven(found, base, this.#state);
    const idle = notAsked(found, base, this.#state);
    if (idle.length > 0) throw idleAnswers(idle);
    const outcome = await outcomeOf(this.#cluster, now.walked, this.#request, this.#time.now());
    this.#view.print(resultText(outcome, this.#view.out));
    const there = isThere(file);
    if (there && !yes && !holds(file, outcome.text)) throw fileIsThere(file);
    return this.#write(outcome, there, false);
  }

  #write(outcome: Outcome, replace: boolean, install: boolean): Configured {
    const { file } = this.#request;
    const same = holds(file, outcome.text);
    if (!same) writeOptionsFile(file, outcome.text, replace);
    dropDraft(this.#draft);
    this.#view.print(same ? `${file} says so already` : `Written: ${file}`);
    if (!install) for (const line of nextLines(outcome.next)) this.#view.say(line);
    return { exit: EXIT.done, document: configureDocument(outcome, file, !same), install };
  }

  #keep(): void {
    const why = keepDraft(this.#draft, this.#state);
    if (why && this.#keeps)
      this.#say(`Answers cannot be kept in ${this.#draft} (${why}); Ctrl-C would lose them`);
    this.#keeps = why === undefined;
  }

  #say(text: string): void {
    const width = widthOf(this.#view.talk());
    this.#view.say(text.includes('\n') ? text : wrap(text, width).join('\n'));
  }

  #left(): Configured {
    this.#say(`${this.#interrupted()}`);
    return { exit: EXIT.interrupted, install: false };
  }

  /** What is left behind when somebody leaves, however they do. */
  #interrupted(): string {
    const { trail, remembered } = this.#state;
    const some = trail.length > 0 || Object.keys(remembered).length > 0;
    return some && this.#keeps ? `Nothing was written. ${KEPT}` : 'Nothing was written';
  }

  /** For Ctrl-C between questions. */
  interrupted(): string {
    return this.#interrupted();
  }
}
