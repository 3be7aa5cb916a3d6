// The wizard as data: what was found, what was asked, what was answered. No terminal in sight.
import type { Answered, Check, PackagedApp, UnfitAgent } from '../checks/types.ts';
import type { MesosAgent } from '../dcos/types.ts';
import type { PartialOptions } from '../options/paths.ts';
import type { OptionSource } from '../options/resolve.ts';
import type { Options } from '../options/types.ts';
import type { AnswerId, Answers } from './answers.ts';

/** What the cluster told. */
export interface Found {
  dcosVersion: string;
  marathonVersion: string;
  agents: readonly MesosAgent[];
  /** Agents that can have no task of ours now. */
  unfit: readonly UnfitAgent[];
  packages: Answered<PackagedApp[]>;
  /** The SRV record of etcd: of the first domain that has one, else of `etcd.mesos`. */
  record: { domain: string; members: Answered<{ host: string; port: number }[]> };
  /** Agent from which endpoints can be tried; undefined: none is free, or it is not wanted. */
  testFrom: string | undefined;
}

/** What an agent said about endpoints. */
export interface EndpointTest {
  /** The agent's address. */
  agent: string;
  endpoints: { url: string; answers: boolean; what: string }[];
  /** Why nothing can be said: the task did not start, or said nothing. */
  failed?: string;
}

/** What the options are before any question. Each valid by itself. */
export interface Base {
  /** `--set`. What is set is not asked. */
  flags: PartialOptions;
  /** The options file that is to be written, where it exists. */
  file: PartialOptions;
  /** Its name, for sentences. */
  fileName: string;
  installed: PartialOptions | undefined;
}

/** What questions look at. */
export interface Context {
  found: Found;
  base: Base;
  /** Those answers that count so far. */
  answers: Answers;
  /** All that was said beforehand, by flags and the answers file. */
  given: Answers;
  /** As they would be with the answers so far. */
  options: Options;
  sources: Record<string, OptionSource>;
  /** What came of testing the endpoints that are named now. */
  test: EndpointTest | undefined;
}

export interface Choice {
  value: string;
  name: string;
  /** What it does to the agents: sentences. */
  effect: string;
}

export interface Suggestion {
  /** Undefined: there is nothing to suggest, it has to be typed. */
  value: string | undefined;
  /** Goes on after "because". */
  why: string;
}

/** What an answer makes of the options, by path; or what is wrong with it: a sentence with its full stop. */
export type Read = { settings: Record<string, unknown> } | { wrong: string };

export interface Question {
  id: AnswerId;
  title: string;
  /** Options that it decides. */
  paths: readonly string[];
  /** Whether `--set` has decided it: all of its paths, unless this says otherwise. */
  isSet?(given: (path: string) => boolean): boolean;
  isOpen(context: Context): boolean;
  /** One line, without a question mark where something is to be typed. */
  prompt: string;
  /** Paragraphs. */
  text(context: Context): string[];
  suggest(context: Context): Suggestion;
  /** Undefined: something is typed. */
  choices?(context: Context): Choice[];
  /** The answer that the options as they are stand for; undefined: none. */
  current(options: Options): string | undefined;
  /** The answer without what means nothing in it, such as spaces after commas. */
  normal?(answer: string): string;
  read(answer: string, context: Context): Read;
  /** Preflight's checks that the answer must pass. */
  checks?: readonly Check[];
}
