// All that is asked of one cluster, over one set of connections.
import { UserError } from '../errors.ts';
import { AgentFiles } from './agent-files.ts';
import type { Connection } from './connection.ts';
import { Http, type HttpSettings } from './http.ts';
import { Marathon } from './marathon.ts';
import { Mesos } from './mesos.ts';
import { MesosDns } from './mesos-dns.ts';
import { type DcosVersion, dcosVersion } from './version.ts';

const DOUBTFUL = new Set(['no-such-service', 'not-found', 'unexpected-answer', 'redirected', 'rejected']);
const DOUBT_MS = 5000;

export class Cluster {
  readonly url: string;
  readonly http: Http;
  readonly marathon: Marathon;
  readonly mesos: Mesos;
  readonly files: AgentFiles;
  readonly dns: MesosDns;

  constructor(connection: Connection, settings: HttpSettings & { marathon?: string } = {}) {
    this.url = connection.url;
    this.http = new Http(connection, settings);
    this.marathon = new Marathon(this.http, settings.marathon);
    this.mesos = new Mesos(this.http, settings.wait);
    this.files = new AgentFiles(this.http);
    this.dns = new MesosDns(this.http);
  }

  /** Ends all requests that are under way. */
  close(): void {
    this.http.close();
  }

  /**
   * The better reason for an error: an answer that makes no sense may come from something that is not DC/OS at all,
   * which is asked only then.
   */
  async reasonFor(error: unknown): Promise<unknown> {
    if (!(error instanceof UserError) || !DOUBTFUL.has(error.problem.code)) return error;
    const found = await this.version(AbortSignal.timeout(DOUBT_MS)).catch((reason: unknown) => reason);
    return found instanceof UserError && found.problem.code === 'not-dcos' ? found : error;
  }

  /** Asked without the token: tells whether it is a DC/OS cluster at all. */
  version(signal?: AbortSignal): Promise<DcosVersion> {
    return dcosVersion(this.http, signal);
  }
}
