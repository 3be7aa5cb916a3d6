// All that is asked of one cluster, over one set of connections.
import { AgentFiles } from './agent-files.ts';
import type { Connection } from './connection.ts';
import { Http, type HttpSettings } from './http.ts';
import { Marathon } from './marathon.ts';
import { Mesos } from './mesos.ts';
import { MesosDns } from './mesos-dns.ts';
import { type DcosVersion, dcosVersion } from './version.ts';

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

  /** Asked without the token: tells whether it is a DC/OS cluster at all. */
  version(signal?: AbortSignal): Promise<DcosVersion> {
    return dcosVersion(this.http, signal);
  }
}
