import type { Http } from './http.ts';
import { SRV, type SrvRecord } from './shapes.ts';

export class MesosDns {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** The SRV records of a name such as `_etcd-server._tcp.etcd.mesos`; none if it is not known. */
  async srv(name: string, signal?: AbortSignal): Promise<SrvRecord[]> {
    return this.#http.json({ path: `/mesos_dns/v1/services/${encodeURIComponent(name)}`, signal }, SRV);
  }
}
