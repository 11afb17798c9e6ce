/** The desktop's notifications. */
export interface Notifier {
  /** Shows one to whoever sits at this machine; false where there is no way to. Never throws. */
  desktop(note: { title: string; body: string }): Promise<boolean>;
}
