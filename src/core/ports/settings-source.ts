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
  /** Writes to the user's config. @throws CONFIG_KEY_UNKNOWN, CONFIG_VALUE_INVALID */
  set(name: string, value: string | null): SettingEntry;
  /** Files that are read: the user's config and, where there is one, the project's. */
  paths(): { user: string; project: string | null };
  current(): Settings;
}
