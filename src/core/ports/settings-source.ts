import type { SettingName, SettingOrigin, Settings } from "../settings.ts";

export interface SettingEntry {
  name: SettingName;
  value: string | number | boolean | null;
  origin: SettingOrigin;
}

/** Where settings come from: flag > environment > project file > user config > default (interface §4). */
export interface SettingsSource {
  /** All settings in force, with where each came from. */
  entries(): SettingEntry[];
  /**
   * Writes to the user's config. The whole file is read and written: two at once lose one of two settings, so callers take
   * turns. @throws CONFIG_KEY_UNKNOWN, CONFIG_VALUE_INVALID, HOME_NOT_WRITABLE, STORE_FULL
   */
  set(name: string, value: string | null): SettingEntry;
  /** Loads what `set` needs, which takes longer than its writing: nobody has to wait for it in the queue. */
  prepareToSet(): void;
  /** Files that are read: the user's config and, where there is one, the project's. */
  paths(): { user: string; project: string | null };
  current(): Settings;
}
