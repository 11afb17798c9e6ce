/** The operating system's secret store. */
export interface Keychain {
  /** True only after a set, get and delete of a probe entry worked: a null read proves nothing (dependencies §5). */
  isUsable(): Promise<boolean>;
  get(account: string): Promise<string | undefined>;
  set(account: string, secret: string): Promise<void>;
}
