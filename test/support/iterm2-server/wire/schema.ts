const REQUESTS: readonly (readonly [name: string, type: string, no: number])[] = [
  ["get_buffer", "GetBuffer", 100],
  ["get_prompt", "GetPrompt", 101],
  ["transaction", "Transaction", 102],
  ["notification", "Notification", 103],
  ["set_profile_property", "SetProfileProperty", 105],
  ["list_sessions", "ListSessions", 106],
  ["send_text", "SendText", 107],
  ["create_tab", "CreateTab", 108],
  ["split_pane", "SplitPane", 109],
  ["get_profile_property", "GetProfileProperty", 110],
  ["set_property", "SetProperty", 111],
  ["get_property", "GetProperty", 112],
  ["inject", "Inject", 113],
  ["activate", "Activate", 114],
  ["variable", "Variable", 115],
  ["saved_arrangement", "SavedArrangement", 116],
  ["focus", "Focus", 117],
  ["list_profiles", "ListProfiles", 118],
  ["restart_session", "RestartSession", 120],
  ["set_tab_layout", "SetTabLayout", 122],
  ["reorder_tabs", "ReorderTabs", 125],
  ["close", "Close", 131],
  ["invoke_function", "InvokeFunction", 132],
  ["list_prompts", "ListPrompts", 133],
];

/** Name of every request without its ending, e.g. `send_text`. */
export const REQUEST_NAMES: readonly string[] = REQUESTS.map(([name]) => name);

/** iterm2-facts §2.1 and §2.2, typed off by hand; the notation is that of `parseField` in codec.ts. */
export const SCHEMA: Readonly<Record<string, string>> = {
  ClientOriginatedMessage: `int64 id 1; ${REQUESTS.map(([name, type, no]) => `${type}Request ${name}_request ${no} @submessage`).join(";")}`,
  ServerOriginatedMessage: `int64 id 1; string error 2 @submessage;
    ${REQUESTS.map(([name, type, no]) => `${type}Response ${name}_response ${no} @submessage`).join(";")};
    Notification notification 1000 @submessage`,

  Point: "int32 x 1; int32 y 2",
  Size: "int32 width 1; int32 height 2",
  Frame: "Point origin 1; Size size 2",
  Coord: "int32 x 1; int64 y 2",
  CoordRange: "Coord start 1; Coord end 2",
  Range: "int64 location 1; int64 length 2",
  WindowedCoordRange: "CoordRange coord_range 1; Range columns 2",
  ProfileProperty: "string key 1; string json_value 2",

  ListSessionsRequest: "",
  ListSessionsResponse: "*Window windows 1; *SessionSummary buried_sessions 2",
  Window: "*Tab tabs 1; string window_id 2; Frame frame 3; int32 number 4",
  Tab: `string tab_id 2; SplitTreeNode root 3; string tmux_window_id 4; string tmux_connection_id 5;
    *SessionSummary minimized_sessions 6`,
  SplitTreeNode: "bool vertical 1; *SplitTreeLink links 2",
  SplitTreeLink: "SessionSummary session 1 @child; SplitTreeNode node 2 @child",
  SessionSummary: "string unique_identifier 1; Frame frame 2; Size grid_size 3; string title 4",

  CreateTabRequest: `string profile_name 1; string window_id 2; uint32 tab_index 3; string command 4;
    *ProfileProperty custom_profile_properties 5; bool select_tab 6`,
  CreateTabResponse: "enum status 1; string window_id 2; int32 tab_id 3; string session_id 4",
  SplitPaneRequest: `string session 1; enum split_direction 2; bool before 3; string profile_name 4;
    *ProfileProperty custom_profile_properties 5`,
  SplitPaneResponse: "enum status 1; *string session_id 2",
  SendTextRequest: "string session 1; string text 2; bool suppress_broadcast 3",
  SendTextResponse: "enum status 1",

  GetBufferRequest: "string session 1; LineRange line_range 2; bool include_styles 3",
  LineRange: "bool screen_contents_only 1; int32 trailing_lines 2; WindowedCoordRange windowed_coord_range 3",
  GetBufferResponse: `enum status 1; Range range 2; *LineContents contents 3; Coord cursor 4;
    int64 num_lines_above_screen 5; WindowedCoordRange windowed_coord_range 6`,
  LineContents: "string text 1; *CodePointsPerCell code_points_per_cell 2; enum continuation 3",
  CodePointsPerCell: "int32 num_code_points 1; int32 repeats 2",

  CloseRequest:
    "CloseTabs tabs 1 @target; CloseSessions sessions 2 @target; CloseWindows windows 3 @target; bool force 4",
  CloseTabs: "*string tab_ids 1",
  CloseSessions: "*string session_ids 1",
  CloseWindows: "*string window_ids 1",
  CloseResponse: "*enum statuses 1",

  ActivateRequest: `string window_id 1 @identifier; string tab_id 2 @identifier; string session_id 3 @identifier;
    bool order_window_front 4; bool select_tab 5; bool select_session 6; ActivateApp activate_app 7`,
  ActivateApp: "bool raise_all_windows 1; bool ignoring_other_apps 2",
  ActivateResponse: "enum status 1",

  GetPropertyRequest: "string window_id 1 @identifier; string name 2; string session_id 3 @identifier",
  GetPropertyResponse: "enum status 1; string json_value 2",
  SetPropertyRequest:
    "string window_id 1 @identifier; string name 3; string json_value 4; string session_id 5 @identifier",
  SetPropertyResponse: "enum status 1",

  VariableRequest: `string session_id 1 @scope; *VariableSet set 2; *string get 3; string tab_id 4 @scope;
    bool app 5 @scope; string window_id 6 @scope`,
  VariableSet: "string name 1; string value 2",
  VariableResponse: "enum status 1; *string values 2",

  GetProfilePropertyRequest: "string session 1; *string keys 2",
  GetProfilePropertyResponse: "enum status 1; *ProfileProperty properties 3",
  SetProfilePropertyRequest: `string session 1 @target; GuidList guid_list 2 @target; string key 3; string json_value 4;
    *ProfileProperty assignments 5`,
  GuidList: "*string guids 1",
  SetProfilePropertyResponse: "enum status 1",

  InvokeFunctionRequest: `InvokeTab tab 1 @context; InvokeSession session 2 @context; InvokeWindow window 3 @context;
    InvokeApp app 4 @context; string invocation 5; double timeout 6; InvokeMethod method 7 @context`,
  InvokeTab: "string tab_id 1",
  InvokeSession: "string session_id 1",
  InvokeWindow: "string window_id 1",
  InvokeApp: "",
  InvokeMethod: "string receiver 1",
  InvokeFunctionResponse: "InvokeError error 1 @disposition; InvokeSuccess success 2 @disposition",
  InvokeError: "enum status 1; string error_reason 2",
  InvokeSuccess: "string json_result 1",

  GetPromptRequest: "string session 1; string unique_prompt_id 2",
  GetPromptResponse: `enum status 1; CoordRange prompt_range 2; CoordRange command_range 3; CoordRange output_range 4;
    string working_directory 5; string command 6; enum prompt_state 7; uint32 exit_status 9; string unique_prompt_id 10;
    *CoordRange excluded_subranges 11`,
  ListPromptsRequest: "string session 1; string first_unique_id 2; string last_unique_id 3",
  ListPromptsResponse: "enum status 1; *string unique_prompt_id 2",

  RestartSessionRequest: "string session_id 1; bool only_if_exited 2",
  RestartSessionResponse: "enum status 1",
  SetTabLayoutRequest: "SplitTreeNode root 1; string tab_id 2",
  SetTabLayoutResponse: "enum status 1",
  ReorderTabsRequest: "*ReorderAssignment assignments 3",
  ReorderAssignment: "string window_id 1; *string tab_ids 2",
  ReorderTabsResponse: "enum status 4",
  TransactionRequest: "bool begin 1",
  TransactionResponse: "enum status 1",
  SavedArrangementRequest: "string name 1; enum action 2; string window_id 3",
  SavedArrangementResponse: "enum status 1; *string names 2",
  FocusRequest: "",
  FocusResponse: "*FocusChangedNotification notifications 1",
  ListProfilesRequest: "*string properties 1; *string guids 2",
  ListProfilesResponse: "*Profile profiles 1",
  Profile: "*ProfileProperty properties 1",
  InjectRequest: "*string session_id 1; bytes data 2",
  InjectResponse: "*enum status 1",

  NotificationRequest: `string session 1; bool subscribe 2; enum notification_type 3;
    VariableMonitorRequest variable_monitor_request 6 @arguments; PromptMonitorRequest prompt_monitor_request 9 @arguments`,
  VariableMonitorRequest: "string name 1; enum scope 2; string identifier 3",
  PromptMonitorRequest: "*enum modes 1",
  NotificationResponse: "enum status 1",

  Notification: `ScreenUpdateNotification screen_update_notification 2;
    NewSessionNotification new_session_notification 6; TerminateSessionNotification terminate_session_notification 7;
    LayoutChangedNotification layout_changed_notification 8; FocusChangedNotification focus_changed_notification 9;
    VariableChangedNotification variable_changed_notification 12`,
  ScreenUpdateNotification: "string session 1",
  NewSessionNotification: "string session_id 1",
  TerminateSessionNotification: "string session_id 1",
  LayoutChangedNotification: "ListSessionsResponse list_sessions_response 1",
  FocusChangedNotification: `bool application_active 1 @event; FocusWindow window 2 @event; string selected_tab 3 @event;
    string session 4 @event`,
  FocusWindow: "enum window_status 1; string window_id 2",
  VariableChangedNotification: "enum scope 1; string identifier 2; string name 3; string json_new_value 4",
};
