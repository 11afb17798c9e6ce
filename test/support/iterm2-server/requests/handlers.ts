import type { Handler } from "./context.ts";
import { activate, focus } from "./focus.ts";
import { invokeFunction } from "./functions.ts";
import * as panes from "./panes.ts";
import * as properties from "./properties.ts";
import { notification } from "./subscriptions.ts";
import * as text from "./text.ts";
import { variable } from "./variables.ts";

/** By the name of the request, see REQUEST_NAMES. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  get_buffer: text.getBuffer,
  get_prompt: text.getPrompt,
  list_prompts: text.listPrompts,
  send_text: text.sendText,
  inject: text.inject,
  notification,
  variable,
  list_sessions: panes.listSessions,
  create_tab: panes.createTab,
  split_pane: panes.splitPane,
  close: panes.close,
  restart_session: panes.restartSession,
  reorder_tabs: panes.reorderTabs,
  set_tab_layout: panes.setTabLayout,
  saved_arrangement: panes.savedArrangement,
  transaction: panes.transaction,
  set_profile_property: properties.setProfileProperty,
  get_profile_property: properties.getProfileProperty,
  list_profiles: properties.listProfiles,
  set_property: properties.setProperty,
  get_property: properties.getProperty,
  activate,
  focus,
  invoke_function: invokeFunction,
};
