// Generated from the .proto file of the same name by `npm run generate`. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
import * as $protobuf from "protobufjs/minimal.js";
export namespace iterm2 {
  interface IClientOriginatedMessage extends iterm2.ClientOriginatedMessage.$Properties {
  }
  class ClientOriginatedMessage {
    constructor(properties?: iterm2.ClientOriginatedMessage.$Properties);
    $unknowns?: Uint8Array[];
    id: number;
    getBufferRequest?: (iterm2.GetBufferRequest.$Properties|null);
    notificationRequest?: (iterm2.NotificationRequest.$Properties|null);
    setProfilePropertyRequest?: (iterm2.SetProfilePropertyRequest.$Properties|null);
    listSessionsRequest?: (iterm2.ListSessionsRequest.$Properties|null);
    sendTextRequest?: (iterm2.SendTextRequest.$Properties|null);
    createTabRequest?: (iterm2.CreateTabRequest.$Properties|null);
    splitPaneRequest?: (iterm2.SplitPaneRequest.$Properties|null);
    getProfilePropertyRequest?: (iterm2.GetProfilePropertyRequest.$Properties|null);
    setPropertyRequest?: (iterm2.SetPropertyRequest.$Properties|null);
    getPropertyRequest?: (iterm2.GetPropertyRequest.$Properties|null);
    activateRequest?: (iterm2.ActivateRequest.$Properties|null);
    variableRequest?: (iterm2.VariableRequest.$Properties|null);
    focusRequest?: (iterm2.FocusRequest.$Properties|null);
    closeRequest?: (iterm2.CloseRequest.$Properties|null);
    invokeFunctionRequest?: (iterm2.InvokeFunctionRequest.$Properties|null);
    static encode(message: iterm2.ClientOriginatedMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace ClientOriginatedMessage {
    interface $Properties {
      id?: (number|null);
      getBufferRequest?: (iterm2.GetBufferRequest.$Properties|null);
      notificationRequest?: (iterm2.NotificationRequest.$Properties|null);
      setProfilePropertyRequest?: (iterm2.SetProfilePropertyRequest.$Properties|null);
      listSessionsRequest?: (iterm2.ListSessionsRequest.$Properties|null);
      sendTextRequest?: (iterm2.SendTextRequest.$Properties|null);
      createTabRequest?: (iterm2.CreateTabRequest.$Properties|null);
      splitPaneRequest?: (iterm2.SplitPaneRequest.$Properties|null);
      getProfilePropertyRequest?: (iterm2.GetProfilePropertyRequest.$Properties|null);
      setPropertyRequest?: (iterm2.SetPropertyRequest.$Properties|null);
      getPropertyRequest?: (iterm2.GetPropertyRequest.$Properties|null);
      activateRequest?: (iterm2.ActivateRequest.$Properties|null);
      variableRequest?: (iterm2.VariableRequest.$Properties|null);
      focusRequest?: (iterm2.FocusRequest.$Properties|null);
      closeRequest?: (iterm2.CloseRequest.$Properties|null);
      invokeFunctionRequest?: (iterm2.InvokeFunctionRequest.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ClientOriginatedMessage.$Properties;
  }
  interface IListSessionsRequest extends iterm2.ListSessionsRequest.$Properties {
  }
  class ListSessionsRequest {
    constructor(properties?: iterm2.ListSessionsRequest.$Properties);
    $unknowns?: Uint8Array[];
    static encode(message: iterm2.ListSessionsRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace ListSessionsRequest {
    interface $Properties {
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ListSessionsRequest.$Properties;
  }
  interface IProfileProperty extends iterm2.ProfileProperty.$Properties {
  }
  class ProfileProperty {
    constructor(properties?: iterm2.ProfileProperty.$Properties);
    $unknowns?: Uint8Array[];
    key: string;
    jsonValue: string;
    static encode(message: iterm2.ProfileProperty.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace ProfileProperty {
    interface $Properties {
      key?: (string|null);
      jsonValue?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ProfileProperty.$Properties;
  }
  interface ICreateTabRequest extends iterm2.CreateTabRequest.$Properties {
  }
  class CreateTabRequest {
    constructor(properties?: iterm2.CreateTabRequest.$Properties);
    $unknowns?: Uint8Array[];
    profileName: string;
    windowId: string;
    tabIndex: number;
    customProfileProperties: iterm2.ProfileProperty.$Properties[];
    selectTab: boolean;
    static encode(message: iterm2.CreateTabRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace CreateTabRequest {
    interface $Properties {
      profileName?: (string|null);
      windowId?: (string|null);
      tabIndex?: (number|null);
      customProfileProperties?: (iterm2.ProfileProperty.$Properties[]|null);
      selectTab?: (boolean|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.CreateTabRequest.$Properties;
  }
  interface ISplitPaneRequest extends iterm2.SplitPaneRequest.$Properties {
  }
  class SplitPaneRequest {
    constructor(properties?: iterm2.SplitPaneRequest.$Properties);
    $unknowns?: Uint8Array[];
    session: string;
    splitDirection: number;
    before: boolean;
    profileName: string;
    customProfileProperties: iterm2.ProfileProperty.$Properties[];
    static encode(message: iterm2.SplitPaneRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace SplitPaneRequest {
    interface $Properties {
      session?: (string|null);
      splitDirection?: (number|null);
      before?: (boolean|null);
      profileName?: (string|null);
      customProfileProperties?: (iterm2.ProfileProperty.$Properties[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SplitPaneRequest.$Properties;
  }
  interface ICloseRequest extends iterm2.CloseRequest.$Properties {
  }
  class CloseRequest {
    constructor(properties?: iterm2.CloseRequest.$Properties);
    $unknowns?: Uint8Array[];
    tabs?: (iterm2.CloseRequest.CloseTabs.$Properties|null);
    sessions?: (iterm2.CloseRequest.CloseSessions.$Properties|null);
    windows?: (iterm2.CloseRequest.CloseWindows.$Properties|null);
    force: boolean;
    static encode(message: iterm2.CloseRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace CloseRequest {
    interface $Properties {
      tabs?: (iterm2.CloseRequest.CloseTabs.$Properties|null);
      sessions?: (iterm2.CloseRequest.CloseSessions.$Properties|null);
      windows?: (iterm2.CloseRequest.CloseWindows.$Properties|null);
      force?: (boolean|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.CloseRequest.$Properties;
    interface ICloseTabs extends iterm2.CloseRequest.CloseTabs.$Properties {
    }
    class CloseTabs {
      constructor(properties?: iterm2.CloseRequest.CloseTabs.$Properties);
      $unknowns?: Uint8Array[];
      tabIds: string[];
      static encode(message: iterm2.CloseRequest.CloseTabs.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace CloseTabs {
      interface $Properties {
        tabIds?: (string[]|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.CloseRequest.CloseTabs.$Properties;
    }
    interface ICloseSessions extends iterm2.CloseRequest.CloseSessions.$Properties {
    }
    class CloseSessions {
      constructor(properties?: iterm2.CloseRequest.CloseSessions.$Properties);
      $unknowns?: Uint8Array[];
      sessionIds: string[];
      static encode(message: iterm2.CloseRequest.CloseSessions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace CloseSessions {
      interface $Properties {
        sessionIds?: (string[]|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.CloseRequest.CloseSessions.$Properties;
    }
    interface ICloseWindows extends iterm2.CloseRequest.CloseWindows.$Properties {
    }
    class CloseWindows {
      constructor(properties?: iterm2.CloseRequest.CloseWindows.$Properties);
      $unknowns?: Uint8Array[];
      windowIds: string[];
      static encode(message: iterm2.CloseRequest.CloseWindows.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace CloseWindows {
      interface $Properties {
        windowIds?: (string[]|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.CloseRequest.CloseWindows.$Properties;
    }
  }
  interface IActivateRequest extends iterm2.ActivateRequest.$Properties {
  }
  class ActivateRequest {
    constructor(properties?: iterm2.ActivateRequest.$Properties);
    $unknowns?: Uint8Array[];
    windowId: string;
    tabId: string;
    sessionId: string;
    orderWindowFront: boolean;
    selectTab: boolean;
    selectSession: boolean;
    activateApp?: (iterm2.ActivateRequest.App.$Properties|null);
    static encode(message: iterm2.ActivateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace ActivateRequest {
    interface $Properties {
      windowId?: (string|null);
      tabId?: (string|null);
      sessionId?: (string|null);
      orderWindowFront?: (boolean|null);
      selectTab?: (boolean|null);
      selectSession?: (boolean|null);
      activateApp?: (iterm2.ActivateRequest.App.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ActivateRequest.$Properties;
    interface IApp extends iterm2.ActivateRequest.App.$Properties {
    }
    class App {
      constructor(properties?: iterm2.ActivateRequest.App.$Properties);
      $unknowns?: Uint8Array[];
      raiseAllWindows: boolean;
      ignoringOtherApps: boolean;
      static encode(message: iterm2.ActivateRequest.App.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace App {
      interface $Properties {
        raiseAllWindows?: (boolean|null);
        ignoringOtherApps?: (boolean|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.ActivateRequest.App.$Properties;
    }
  }
  interface IFocusRequest extends iterm2.FocusRequest.$Properties {
  }
  class FocusRequest {
    constructor(properties?: iterm2.FocusRequest.$Properties);
    $unknowns?: Uint8Array[];
    static encode(message: iterm2.FocusRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace FocusRequest {
    interface $Properties {
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.FocusRequest.$Properties;
  }
  interface ISendTextRequest extends iterm2.SendTextRequest.$Properties {
  }
  class SendTextRequest {
    constructor(properties?: iterm2.SendTextRequest.$Properties);
    $unknowns?: Uint8Array[];
    session: string;
    text: string;
    suppressBroadcast: boolean;
    static encode(message: iterm2.SendTextRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace SendTextRequest {
    interface $Properties {
      session?: (string|null);
      text?: (string|null);
      suppressBroadcast?: (boolean|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SendTextRequest.$Properties;
  }
  interface ILineRange extends iterm2.LineRange.$Properties {
  }
  class LineRange {
    constructor(properties?: iterm2.LineRange.$Properties);
    $unknowns?: Uint8Array[];
    screenContentsOnly: boolean;
    trailingLines: number;
    static encode(message: iterm2.LineRange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace LineRange {
    interface $Properties {
      screenContentsOnly?: (boolean|null);
      trailingLines?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.LineRange.$Properties;
  }
  interface IGetBufferRequest extends iterm2.GetBufferRequest.$Properties {
  }
  class GetBufferRequest {
    constructor(properties?: iterm2.GetBufferRequest.$Properties);
    $unknowns?: Uint8Array[];
    session: string;
    lineRange?: (iterm2.LineRange.$Properties|null);
    static encode(message: iterm2.GetBufferRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace GetBufferRequest {
    interface $Properties {
      session?: (string|null);
      lineRange?: (iterm2.LineRange.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.GetBufferRequest.$Properties;
  }
  interface IVariableRequest extends iterm2.VariableRequest.$Properties {
  }
  class VariableRequest {
    constructor(properties?: iterm2.VariableRequest.$Properties);
    $unknowns?: Uint8Array[];
    sessionId: string;
    tabId: string;
    app: boolean;
    windowId: string;
    set: iterm2.VariableRequest.Set.$Properties[];
    get: string[];
    static encode(message: iterm2.VariableRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace VariableRequest {
    interface $Properties {
      sessionId?: (string|null);
      tabId?: (string|null);
      app?: (boolean|null);
      windowId?: (string|null);
      set?: (iterm2.VariableRequest.Set.$Properties[]|null);
      get?: (string[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.VariableRequest.$Properties;
    interface ISet extends iterm2.VariableRequest.Set.$Properties {
    }
    class Set {
      constructor(properties?: iterm2.VariableRequest.Set.$Properties);
      $unknowns?: Uint8Array[];
      name: string;
      value: string;
      static encode(message: iterm2.VariableRequest.Set.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace Set {
      interface $Properties {
        name?: (string|null);
        value?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.VariableRequest.Set.$Properties;
    }
  }
  interface IGetProfilePropertyRequest extends iterm2.GetProfilePropertyRequest.$Properties {
  }
  class GetProfilePropertyRequest {
    constructor(properties?: iterm2.GetProfilePropertyRequest.$Properties);
    $unknowns?: Uint8Array[];
    session: string;
    keys: string[];
    static encode(message: iterm2.GetProfilePropertyRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace GetProfilePropertyRequest {
    interface $Properties {
      session?: (string|null);
      keys?: (string[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.GetProfilePropertyRequest.$Properties;
  }
  interface ISetProfilePropertyRequest extends iterm2.SetProfilePropertyRequest.$Properties {
  }
  class SetProfilePropertyRequest {
    constructor(properties?: iterm2.SetProfilePropertyRequest.$Properties);
    $unknowns?: Uint8Array[];
    session: string;
    assignments: iterm2.SetProfilePropertyRequest.Assignment.$Properties[];
    static encode(message: iterm2.SetProfilePropertyRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace SetProfilePropertyRequest {
    interface $Properties {
      session?: (string|null);
      assignments?: (iterm2.SetProfilePropertyRequest.Assignment.$Properties[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SetProfilePropertyRequest.$Properties;
    interface IAssignment extends iterm2.SetProfilePropertyRequest.Assignment.$Properties {
    }
    class Assignment {
      constructor(properties?: iterm2.SetProfilePropertyRequest.Assignment.$Properties);
      $unknowns?: Uint8Array[];
      key: string;
      jsonValue: string;
      static encode(message: iterm2.SetProfilePropertyRequest.Assignment.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace Assignment {
      interface $Properties {
        key?: (string|null);
        jsonValue?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.SetProfilePropertyRequest.Assignment.$Properties;
    }
  }
  interface IGetPropertyRequest extends iterm2.GetPropertyRequest.$Properties {
  }
  class GetPropertyRequest {
    constructor(properties?: iterm2.GetPropertyRequest.$Properties);
    $unknowns?: Uint8Array[];
    windowId: string;
    sessionId: string;
    name: string;
    static encode(message: iterm2.GetPropertyRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace GetPropertyRequest {
    interface $Properties {
      windowId?: (string|null);
      sessionId?: (string|null);
      name?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.GetPropertyRequest.$Properties;
  }
  interface ISetPropertyRequest extends iterm2.SetPropertyRequest.$Properties {
  }
  class SetPropertyRequest {
    constructor(properties?: iterm2.SetPropertyRequest.$Properties);
    $unknowns?: Uint8Array[];
    windowId: string;
    sessionId: string;
    name: string;
    jsonValue: string;
    static encode(message: iterm2.SetPropertyRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace SetPropertyRequest {
    interface $Properties {
      windowId?: (string|null);
      sessionId?: (string|null);
      name?: (string|null);
      jsonValue?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SetPropertyRequest.$Properties;
  }
  interface IInvokeFunctionRequest extends iterm2.InvokeFunctionRequest.$Properties {
  }
  class InvokeFunctionRequest {
    constructor(properties?: iterm2.InvokeFunctionRequest.$Properties);
    $unknowns?: Uint8Array[];
    tab?: (iterm2.InvokeFunctionRequest.Tab.$Properties|null);
    session?: (iterm2.InvokeFunctionRequest.Session.$Properties|null);
    window?: (iterm2.InvokeFunctionRequest.Window.$Properties|null);
    app?: (iterm2.InvokeFunctionRequest.App.$Properties|null);
    method?: (iterm2.InvokeFunctionRequest.Method.$Properties|null);
    invocation: string;
    timeout: number;
    static encode(message: iterm2.InvokeFunctionRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace InvokeFunctionRequest {
    interface $Properties {
      tab?: (iterm2.InvokeFunctionRequest.Tab.$Properties|null);
      session?: (iterm2.InvokeFunctionRequest.Session.$Properties|null);
      window?: (iterm2.InvokeFunctionRequest.Window.$Properties|null);
      app?: (iterm2.InvokeFunctionRequest.App.$Properties|null);
      method?: (iterm2.InvokeFunctionRequest.Method.$Properties|null);
      invocation?: (string|null);
      timeout?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.InvokeFunctionRequest.$Properties;
    interface ITab extends iterm2.InvokeFunctionRequest.Tab.$Properties {
    }
    class Tab {
      constructor(properties?: iterm2.InvokeFunctionRequest.Tab.$Properties);
      $unknowns?: Uint8Array[];
      tabId: string;
      static encode(message: iterm2.InvokeFunctionRequest.Tab.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace Tab {
      interface $Properties {
        tabId?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.InvokeFunctionRequest.Tab.$Properties;
    }
    interface ISession extends iterm2.InvokeFunctionRequest.Session.$Properties {
    }
    class Session {
      constructor(properties?: iterm2.InvokeFunctionRequest.Session.$Properties);
      $unknowns?: Uint8Array[];
      sessionId: string;
      static encode(message: iterm2.InvokeFunctionRequest.Session.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace Session {
      interface $Properties {
        sessionId?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.InvokeFunctionRequest.Session.$Properties;
    }
    interface IWindow extends iterm2.InvokeFunctionRequest.Window.$Properties {
    }
    class Window {
      constructor(properties?: iterm2.InvokeFunctionRequest.Window.$Properties);
      $unknowns?: Uint8Array[];
      windowId: string;
      static encode(message: iterm2.InvokeFunctionRequest.Window.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace Window {
      interface $Properties {
        windowId?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.InvokeFunctionRequest.Window.$Properties;
    }
    interface IApp extends iterm2.InvokeFunctionRequest.App.$Properties {
    }
    class App {
      constructor(properties?: iterm2.InvokeFunctionRequest.App.$Properties);
      $unknowns?: Uint8Array[];
      static encode(message: iterm2.InvokeFunctionRequest.App.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace App {
      interface $Properties {
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.InvokeFunctionRequest.App.$Properties;
    }
    interface IMethod extends iterm2.InvokeFunctionRequest.Method.$Properties {
    }
    class Method {
      constructor(properties?: iterm2.InvokeFunctionRequest.Method.$Properties);
      $unknowns?: Uint8Array[];
      receiver: string;
      static encode(message: iterm2.InvokeFunctionRequest.Method.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    }
    namespace Method {
      interface $Properties {
        receiver?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.InvokeFunctionRequest.Method.$Properties;
    }
  }
  interface IVariableMonitorRequest extends iterm2.VariableMonitorRequest.$Properties {
  }
  class VariableMonitorRequest {
    constructor(properties?: iterm2.VariableMonitorRequest.$Properties);
    $unknowns?: Uint8Array[];
    name: string;
    scope: number;
    identifier: string;
    static encode(message: iterm2.VariableMonitorRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace VariableMonitorRequest {
    interface $Properties {
      name?: (string|null);
      scope?: (number|null);
      identifier?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.VariableMonitorRequest.$Properties;
  }
  interface INotificationRequest extends iterm2.NotificationRequest.$Properties {
  }
  class NotificationRequest {
    constructor(properties?: iterm2.NotificationRequest.$Properties);
    $unknowns?: Uint8Array[];
    session: string;
    subscribe: boolean;
    notificationType: number;
    variableMonitorRequest?: (iterm2.VariableMonitorRequest.$Properties|null);
    static encode(message: iterm2.NotificationRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
  }
  namespace NotificationRequest {
    interface $Properties {
      session?: (string|null);
      subscribe?: (boolean|null);
      notificationType?: (number|null);
      variableMonitorRequest?: (iterm2.VariableMonitorRequest.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.NotificationRequest.$Properties;
  }
}
