// Generated from the .proto file of the same name by `npm run generate`. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
import * as $protobuf from "protobufjs/minimal.js";
export namespace iterm2 {
  interface IServerOriginatedMessage extends iterm2.ServerOriginatedMessage.$Properties {
  }
  class ServerOriginatedMessage {
    constructor(properties?: iterm2.ServerOriginatedMessage.$Properties);
    $unknowns?: Uint8Array[];
    id: number;
    error: string;
    getBufferResponse?: (iterm2.GetBufferResponse.$Properties|null);
    notificationResponse?: (iterm2.NotificationResponse.$Properties|null);
    setProfilePropertyResponse?: (iterm2.SetProfilePropertyResponse.$Properties|null);
    listSessionsResponse?: (iterm2.ListSessionsResponse.$Properties|null);
    sendTextResponse?: (iterm2.SendTextResponse.$Properties|null);
    createTabResponse?: (iterm2.CreateTabResponse.$Properties|null);
    splitPaneResponse?: (iterm2.SplitPaneResponse.$Properties|null);
    getProfilePropertyResponse?: (iterm2.GetProfilePropertyResponse.$Properties|null);
    setPropertyResponse?: (iterm2.SetPropertyResponse.$Properties|null);
    getPropertyResponse?: (iterm2.GetPropertyResponse.$Properties|null);
    activateResponse?: (iterm2.ActivateResponse.$Properties|null);
    variableResponse?: (iterm2.VariableResponse.$Properties|null);
    focusResponse?: (iterm2.FocusResponse.$Properties|null);
    closeResponse?: (iterm2.CloseResponse.$Properties|null);
    invokeFunctionResponse?: (iterm2.InvokeFunctionResponse.$Properties|null);
    notification?: (iterm2.Notification.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.ServerOriginatedMessage & iterm2.ServerOriginatedMessage.$Shape;
  }
  namespace ServerOriginatedMessage {
    interface $Properties {
      id?: (number|null);
      error?: (string|null);
      getBufferResponse?: (iterm2.GetBufferResponse.$Properties|null);
      notificationResponse?: (iterm2.NotificationResponse.$Properties|null);
      setProfilePropertyResponse?: (iterm2.SetProfilePropertyResponse.$Properties|null);
      listSessionsResponse?: (iterm2.ListSessionsResponse.$Properties|null);
      sendTextResponse?: (iterm2.SendTextResponse.$Properties|null);
      createTabResponse?: (iterm2.CreateTabResponse.$Properties|null);
      splitPaneResponse?: (iterm2.SplitPaneResponse.$Properties|null);
      getProfilePropertyResponse?: (iterm2.GetProfilePropertyResponse.$Properties|null);
      setPropertyResponse?: (iterm2.SetPropertyResponse.$Properties|null);
      getPropertyResponse?: (iterm2.GetPropertyResponse.$Properties|null);
      activateResponse?: (iterm2.ActivateResponse.$Properties|null);
      variableResponse?: (iterm2.VariableResponse.$Properties|null);
      focusResponse?: (iterm2.FocusResponse.$Properties|null);
      closeResponse?: (iterm2.CloseResponse.$Properties|null);
      invokeFunctionResponse?: (iterm2.InvokeFunctionResponse.$Properties|null);
      notification?: (iterm2.Notification.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ServerOriginatedMessage.$Properties;
  }
  interface IPoint extends iterm2.Point.$Properties {
  }
  class Point {
    constructor(properties?: iterm2.Point.$Properties);
    $unknowns?: Uint8Array[];
    x: number;
    y: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.Point & iterm2.Point.$Shape;
  }
  namespace Point {
    interface $Properties {
      x?: (number|null);
      y?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.Point.$Properties;
  }
  interface ISize extends iterm2.Size.$Properties {
  }
  class Size {
    constructor(properties?: iterm2.Size.$Properties);
    $unknowns?: Uint8Array[];
    width: number;
    height: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.Size & iterm2.Size.$Shape;
  }
  namespace Size {
    interface $Properties {
      width?: (number|null);
      height?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.Size.$Properties;
  }
  interface IFrame extends iterm2.Frame.$Properties {
  }
  class Frame {
    constructor(properties?: iterm2.Frame.$Properties);
    $unknowns?: Uint8Array[];
    origin?: (iterm2.Point.$Properties|null);
    size?: (iterm2.Size.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.Frame & iterm2.Frame.$Shape;
  }
  namespace Frame {
    interface $Properties {
      origin?: (iterm2.Point.$Properties|null);
      size?: (iterm2.Size.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.Frame.$Properties;
  }
  interface ISessionSummary extends iterm2.SessionSummary.$Properties {
  }
  class SessionSummary {
    constructor(properties?: iterm2.SessionSummary.$Properties);
    $unknowns?: Uint8Array[];
    uniqueIdentifier: string;
    frame?: (iterm2.Frame.$Properties|null);
    gridSize?: (iterm2.Size.$Properties|null);
    title: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.SessionSummary & iterm2.SessionSummary.$Shape;
  }
  namespace SessionSummary {
    interface $Properties {
      uniqueIdentifier?: (string|null);
      frame?: (iterm2.Frame.$Properties|null);
      gridSize?: (iterm2.Size.$Properties|null);
      title?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SessionSummary.$Properties;
  }
  interface ISplitTreeNode extends iterm2.SplitTreeNode.$Properties {
  }
  class SplitTreeNode {
    constructor(properties?: iterm2.SplitTreeNode.$Properties);
    $unknowns?: Uint8Array[];
    vertical: boolean;
    links: iterm2.SplitTreeNode.SplitTreeLink.$Properties[];
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.SplitTreeNode & iterm2.SplitTreeNode.$Shape;
  }
  namespace SplitTreeNode {
    interface $Properties {
      vertical?: (boolean|null);
      links?: (iterm2.SplitTreeNode.SplitTreeLink.$Properties[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SplitTreeNode.$Properties;
    interface ISplitTreeLink extends iterm2.SplitTreeNode.SplitTreeLink.$Properties {
    }
    class SplitTreeLink {
      constructor(properties?: iterm2.SplitTreeNode.SplitTreeLink.$Properties);
      $unknowns?: Uint8Array[];
      session?: (iterm2.SessionSummary.$Properties|null);
      node?: (iterm2.SplitTreeNode.$Properties|null);
      static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.SplitTreeNode.SplitTreeLink & iterm2.SplitTreeNode.SplitTreeLink.$Shape;
    }
    namespace SplitTreeLink {
      interface $Properties {
        session?: (iterm2.SessionSummary.$Properties|null);
        node?: (iterm2.SplitTreeNode.$Properties|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.SplitTreeNode.SplitTreeLink.$Properties;
    }
  }
  interface IListSessionsResponse extends iterm2.ListSessionsResponse.$Properties {
  }
  class ListSessionsResponse {
    constructor(properties?: iterm2.ListSessionsResponse.$Properties);
    $unknowns?: Uint8Array[];
    windows: iterm2.ListSessionsResponse.Window.$Properties[];
    buriedSessions: iterm2.SessionSummary.$Properties[];
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.ListSessionsResponse & iterm2.ListSessionsResponse.$Shape;
  }
  namespace ListSessionsResponse {
    interface $Properties {
      windows?: (iterm2.ListSessionsResponse.Window.$Properties[]|null);
      buriedSessions?: (iterm2.SessionSummary.$Properties[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ListSessionsResponse.$Properties;
    interface ITab extends iterm2.ListSessionsResponse.Tab.$Properties {
    }
    class Tab {
      constructor(properties?: iterm2.ListSessionsResponse.Tab.$Properties);
      $unknowns?: Uint8Array[];
      tabId: string;
      root?: (iterm2.SplitTreeNode.$Properties|null);
      tmuxWindowId: string;
      tmuxConnectionId: string;
      minimizedSessions: iterm2.SessionSummary.$Properties[];
      static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.ListSessionsResponse.Tab & iterm2.ListSessionsResponse.Tab.$Shape;
    }
    namespace Tab {
      interface $Properties {
        tabId?: (string|null);
        root?: (iterm2.SplitTreeNode.$Properties|null);
        tmuxWindowId?: (string|null);
        tmuxConnectionId?: (string|null);
        minimizedSessions?: (iterm2.SessionSummary.$Properties[]|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.ListSessionsResponse.Tab.$Properties;
    }
    interface IWindow extends iterm2.ListSessionsResponse.Window.$Properties {
    }
    class Window {
      constructor(properties?: iterm2.ListSessionsResponse.Window.$Properties);
      $unknowns?: Uint8Array[];
      tabs: iterm2.ListSessionsResponse.Tab.$Properties[];
      windowId: string;
      frame?: (iterm2.Frame.$Properties|null);
      number: number;
      static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.ListSessionsResponse.Window & iterm2.ListSessionsResponse.Window.$Shape;
    }
    namespace Window {
      interface $Properties {
        tabs?: (iterm2.ListSessionsResponse.Tab.$Properties[]|null);
        windowId?: (string|null);
        frame?: (iterm2.Frame.$Properties|null);
        number?: (number|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.ListSessionsResponse.Window.$Properties;
    }
  }
  interface IProfileProperty extends iterm2.ProfileProperty.$Properties {
  }
  class ProfileProperty {
    constructor(properties?: iterm2.ProfileProperty.$Properties);
    $unknowns?: Uint8Array[];
    key: string;
    jsonValue: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.ProfileProperty & iterm2.ProfileProperty.$Shape;
  }
  namespace ProfileProperty {
    interface $Properties {
      key?: (string|null);
      jsonValue?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ProfileProperty.$Properties;
  }
  interface ICreateTabResponse extends iterm2.CreateTabResponse.$Properties {
  }
  class CreateTabResponse {
    constructor(properties?: iterm2.CreateTabResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    windowId: string;
    tabId: number;
    sessionId: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.CreateTabResponse & iterm2.CreateTabResponse.$Shape;
  }
  namespace CreateTabResponse {
    interface $Properties {
      status?: (number|null);
      windowId?: (string|null);
      tabId?: (number|null);
      sessionId?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.CreateTabResponse.$Properties;
  }
  interface ISplitPaneResponse extends iterm2.SplitPaneResponse.$Properties {
  }
  class SplitPaneResponse {
    constructor(properties?: iterm2.SplitPaneResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    sessionId: string[];
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.SplitPaneResponse & iterm2.SplitPaneResponse.$Shape;
  }
  namespace SplitPaneResponse {
    interface $Properties {
      status?: (number|null);
      sessionId?: (string[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SplitPaneResponse.$Properties;
  }
  interface ICloseResponse extends iterm2.CloseResponse.$Properties {
  }
  class CloseResponse {
    constructor(properties?: iterm2.CloseResponse.$Properties);
    $unknowns?: Uint8Array[];
    statuses: number[];
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.CloseResponse & iterm2.CloseResponse.$Shape;
  }
  namespace CloseResponse {
    interface $Properties {
      statuses?: (number[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.CloseResponse.$Properties;
  }
  interface IActivateResponse extends iterm2.ActivateResponse.$Properties {
  }
  class ActivateResponse {
    constructor(properties?: iterm2.ActivateResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.ActivateResponse & iterm2.ActivateResponse.$Shape;
  }
  namespace ActivateResponse {
    interface $Properties {
      status?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ActivateResponse.$Properties;
  }
  interface IFocusResponse extends iterm2.FocusResponse.$Properties {
  }
  class FocusResponse {
    constructor(properties?: iterm2.FocusResponse.$Properties);
    $unknowns?: Uint8Array[];
    notifications: iterm2.FocusChangedNotification.$Properties[];
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.FocusResponse & iterm2.FocusResponse.$Shape;
  }
  namespace FocusResponse {
    interface $Properties {
      notifications?: (iterm2.FocusChangedNotification.$Properties[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.FocusResponse.$Properties;
  }
  interface ISendTextResponse extends iterm2.SendTextResponse.$Properties {
  }
  class SendTextResponse {
    constructor(properties?: iterm2.SendTextResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.SendTextResponse & iterm2.SendTextResponse.$Shape;
  }
  namespace SendTextResponse {
    interface $Properties {
      status?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SendTextResponse.$Properties;
  }
  interface ICoord extends iterm2.Coord.$Properties {
  }
  class Coord {
    constructor(properties?: iterm2.Coord.$Properties);
    $unknowns?: Uint8Array[];
    x: number;
    y: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.Coord & iterm2.Coord.$Shape;
  }
  namespace Coord {
    interface $Properties {
      x?: (number|null);
      y?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.Coord.$Properties;
  }
  interface ICoordRange extends iterm2.CoordRange.$Properties {
  }
  class CoordRange {
    constructor(properties?: iterm2.CoordRange.$Properties);
    $unknowns?: Uint8Array[];
    start?: (iterm2.Coord.$Properties|null);
    end?: (iterm2.Coord.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.CoordRange & iterm2.CoordRange.$Shape;
  }
  namespace CoordRange {
    interface $Properties {
      start?: (iterm2.Coord.$Properties|null);
      end?: (iterm2.Coord.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.CoordRange.$Properties;
  }
  interface IRange extends iterm2.Range.$Properties {
  }
  class Range {
    constructor(properties?: iterm2.Range.$Properties);
    $unknowns?: Uint8Array[];
    location: number;
    length: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.Range & iterm2.Range.$Shape;
  }
  namespace Range {
    interface $Properties {
      location?: (number|null);
      length?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.Range.$Properties;
  }
  interface IWindowedCoordRange extends iterm2.WindowedCoordRange.$Properties {
  }
  class WindowedCoordRange {
    constructor(properties?: iterm2.WindowedCoordRange.$Properties);
    $unknowns?: Uint8Array[];
    coordRange?: (iterm2.CoordRange.$Properties|null);
    columns?: (iterm2.Range.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.WindowedCoordRange & iterm2.WindowedCoordRange.$Shape;
  }
  namespace WindowedCoordRange {
    interface $Properties {
      coordRange?: (iterm2.CoordRange.$Properties|null);
      columns?: (iterm2.Range.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.WindowedCoordRange.$Properties;
  }
  interface ICodePointsPerCell extends iterm2.CodePointsPerCell.$Properties {
  }
  class CodePointsPerCell {
    constructor(properties?: iterm2.CodePointsPerCell.$Properties);
    $unknowns?: Uint8Array[];
    numCodePoints: number;
    repeats: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.CodePointsPerCell & iterm2.CodePointsPerCell.$Shape;
  }
  namespace CodePointsPerCell {
    interface $Properties {
      numCodePoints?: (number|null);
      repeats?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.CodePointsPerCell.$Properties;
  }
  interface ILineContents extends iterm2.LineContents.$Properties {
  }
  class LineContents {
    constructor(properties?: iterm2.LineContents.$Properties);
    $unknowns?: Uint8Array[];
    text: string;
    codePointsPerCell: iterm2.CodePointsPerCell.$Properties[];
    continuation: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.LineContents & iterm2.LineContents.$Shape;
  }
  namespace LineContents {
    interface $Properties {
      text?: (string|null);
      codePointsPerCell?: (iterm2.CodePointsPerCell.$Properties[]|null);
      continuation?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.LineContents.$Properties;
  }
  interface IGetBufferResponse extends iterm2.GetBufferResponse.$Properties {
  }
  class GetBufferResponse {
    constructor(properties?: iterm2.GetBufferResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    contents: iterm2.LineContents.$Properties[];
    cursor?: (iterm2.Coord.$Properties|null);
    windowedCoordRange?: (iterm2.WindowedCoordRange.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.GetBufferResponse & iterm2.GetBufferResponse.$Shape;
  }
  namespace GetBufferResponse {
    interface $Properties {
      status?: (number|null);
      contents?: (iterm2.LineContents.$Properties[]|null);
      cursor?: (iterm2.Coord.$Properties|null);
      windowedCoordRange?: (iterm2.WindowedCoordRange.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.GetBufferResponse.$Properties;
  }
  interface IVariableResponse extends iterm2.VariableResponse.$Properties {
  }
  class VariableResponse {
    constructor(properties?: iterm2.VariableResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    values: string[];
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.VariableResponse & iterm2.VariableResponse.$Shape;
  }
  namespace VariableResponse {
    interface $Properties {
      status?: (number|null);
      values?: (string[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.VariableResponse.$Properties;
  }
  interface IGetProfilePropertyResponse extends iterm2.GetProfilePropertyResponse.$Properties {
  }
  class GetProfilePropertyResponse {
    constructor(properties?: iterm2.GetProfilePropertyResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    properties: iterm2.ProfileProperty.$Properties[];
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.GetProfilePropertyResponse & iterm2.GetProfilePropertyResponse.$Shape;
  }
  namespace GetProfilePropertyResponse {
    interface $Properties {
      status?: (number|null);
      properties?: (iterm2.ProfileProperty.$Properties[]|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.GetProfilePropertyResponse.$Properties;
  }
  interface ISetProfilePropertyResponse extends iterm2.SetProfilePropertyResponse.$Properties {
  }
  class SetProfilePropertyResponse {
    constructor(properties?: iterm2.SetProfilePropertyResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.SetProfilePropertyResponse & iterm2.SetProfilePropertyResponse.$Shape;
  }
  namespace SetProfilePropertyResponse {
    interface $Properties {
      status?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SetProfilePropertyResponse.$Properties;
  }
  interface IGetPropertyResponse extends iterm2.GetPropertyResponse.$Properties {
  }
  class GetPropertyResponse {
    constructor(properties?: iterm2.GetPropertyResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    jsonValue: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.GetPropertyResponse & iterm2.GetPropertyResponse.$Shape;
  }
  namespace GetPropertyResponse {
    interface $Properties {
      status?: (number|null);
      jsonValue?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.GetPropertyResponse.$Properties;
  }
  interface ISetPropertyResponse extends iterm2.SetPropertyResponse.$Properties {
  }
  class SetPropertyResponse {
    constructor(properties?: iterm2.SetPropertyResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.SetPropertyResponse & iterm2.SetPropertyResponse.$Shape;
  }
  namespace SetPropertyResponse {
    interface $Properties {
      status?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.SetPropertyResponse.$Properties;
  }
  interface IInvokeFunctionResponse extends iterm2.InvokeFunctionResponse.$Properties {
  }
  class InvokeFunctionResponse {
    constructor(properties?: iterm2.InvokeFunctionResponse.$Properties);
    $unknowns?: Uint8Array[];
    error?: (iterm2.InvokeFunctionResponse.Error.$Properties|null);
    success?: (iterm2.InvokeFunctionResponse.Success.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.InvokeFunctionResponse & iterm2.InvokeFunctionResponse.$Shape;
  }
  namespace InvokeFunctionResponse {
    interface $Properties {
      error?: (iterm2.InvokeFunctionResponse.Error.$Properties|null);
      success?: (iterm2.InvokeFunctionResponse.Success.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.InvokeFunctionResponse.$Properties;
    interface IError extends iterm2.InvokeFunctionResponse.Error.$Properties {
    }
    class Error {
      constructor(properties?: iterm2.InvokeFunctionResponse.Error.$Properties);
      $unknowns?: Uint8Array[];
      status: number;
      errorReason: string;
      static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.InvokeFunctionResponse.Error & iterm2.InvokeFunctionResponse.Error.$Shape;
    }
    namespace Error {
      interface $Properties {
        status?: (number|null);
        errorReason?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.InvokeFunctionResponse.Error.$Properties;
    }
    interface ISuccess extends iterm2.InvokeFunctionResponse.Success.$Properties {
    }
    class Success {
      constructor(properties?: iterm2.InvokeFunctionResponse.Success.$Properties);
      $unknowns?: Uint8Array[];
      jsonResult: string;
      static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.InvokeFunctionResponse.Success & iterm2.InvokeFunctionResponse.Success.$Shape;
    }
    namespace Success {
      interface $Properties {
        jsonResult?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.InvokeFunctionResponse.Success.$Properties;
    }
  }
  interface INotificationResponse extends iterm2.NotificationResponse.$Properties {
  }
  class NotificationResponse {
    constructor(properties?: iterm2.NotificationResponse.$Properties);
    $unknowns?: Uint8Array[];
    status: number;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.NotificationResponse & iterm2.NotificationResponse.$Shape;
  }
  namespace NotificationResponse {
    interface $Properties {
      status?: (number|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.NotificationResponse.$Properties;
  }
  interface IScreenUpdateNotification extends iterm2.ScreenUpdateNotification.$Properties {
  }
  class ScreenUpdateNotification {
    constructor(properties?: iterm2.ScreenUpdateNotification.$Properties);
    $unknowns?: Uint8Array[];
    session: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.ScreenUpdateNotification & iterm2.ScreenUpdateNotification.$Shape;
  }
  namespace ScreenUpdateNotification {
    interface $Properties {
      session?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.ScreenUpdateNotification.$Properties;
  }
  interface INewSessionNotification extends iterm2.NewSessionNotification.$Properties {
  }
  class NewSessionNotification {
    constructor(properties?: iterm2.NewSessionNotification.$Properties);
    $unknowns?: Uint8Array[];
    sessionId: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.NewSessionNotification & iterm2.NewSessionNotification.$Shape;
  }
  namespace NewSessionNotification {
    interface $Properties {
      sessionId?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.NewSessionNotification.$Properties;
  }
  interface ITerminateSessionNotification extends iterm2.TerminateSessionNotification.$Properties {
  }
  class TerminateSessionNotification {
    constructor(properties?: iterm2.TerminateSessionNotification.$Properties);
    $unknowns?: Uint8Array[];
    sessionId: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.TerminateSessionNotification & iterm2.TerminateSessionNotification.$Shape;
  }
  namespace TerminateSessionNotification {
    interface $Properties {
      sessionId?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.TerminateSessionNotification.$Properties;
  }
  interface ILayoutChangedNotification extends iterm2.LayoutChangedNotification.$Properties {
  }
  class LayoutChangedNotification {
    constructor(properties?: iterm2.LayoutChangedNotification.$Properties);
    $unknowns?: Uint8Array[];
    listSessionsResponse?: (iterm2.ListSessionsResponse.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.LayoutChangedNotification & iterm2.LayoutChangedNotification.$Shape;
  }
  namespace LayoutChangedNotification {
    interface $Properties {
      listSessionsResponse?: (iterm2.ListSessionsResponse.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.LayoutChangedNotification.$Properties;
  }
  interface IFocusChangedNotification extends iterm2.FocusChangedNotification.$Properties {
  }
  class FocusChangedNotification {
    constructor(properties?: iterm2.FocusChangedNotification.$Properties);
    $unknowns?: Uint8Array[];
    applicationActive: boolean;
    window?: (iterm2.FocusChangedNotification.Window.$Properties|null);
    selectedTab: string;
    session: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.FocusChangedNotification & iterm2.FocusChangedNotification.$Shape;
  }
  namespace FocusChangedNotification {
    interface $Properties {
      applicationActive?: (boolean|null);
      window?: (iterm2.FocusChangedNotification.Window.$Properties|null);
      selectedTab?: (string|null);
      session?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.FocusChangedNotification.$Properties;
    interface IWindow extends iterm2.FocusChangedNotification.Window.$Properties {
    }
    class Window {
      constructor(properties?: iterm2.FocusChangedNotification.Window.$Properties);
      $unknowns?: Uint8Array[];
      windowStatus: number;
      windowId: string;
      static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.FocusChangedNotification.Window & iterm2.FocusChangedNotification.Window.$Shape;
    }
    namespace Window {
      interface $Properties {
        windowStatus?: (number|null);
        windowId?: (string|null);
        $unknowns?: Uint8Array[];
      }
      type $Shape = iterm2.FocusChangedNotification.Window.$Properties;
    }
  }
  interface IVariableChangedNotification extends iterm2.VariableChangedNotification.$Properties {
  }
  class VariableChangedNotification {
    constructor(properties?: iterm2.VariableChangedNotification.$Properties);
    $unknowns?: Uint8Array[];
    scope: number;
    identifier: string;
    name: string;
    jsonNewValue: string;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.VariableChangedNotification & iterm2.VariableChangedNotification.$Shape;
  }
  namespace VariableChangedNotification {
    interface $Properties {
      scope?: (number|null);
      identifier?: (string|null);
      name?: (string|null);
      jsonNewValue?: (string|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.VariableChangedNotification.$Properties;
  }
  interface INotification extends iterm2.Notification.$Properties {
  }
  class Notification {
    constructor(properties?: iterm2.Notification.$Properties);
    $unknowns?: Uint8Array[];
    screenUpdateNotification?: (iterm2.ScreenUpdateNotification.$Properties|null);
    newSessionNotification?: (iterm2.NewSessionNotification.$Properties|null);
    terminateSessionNotification?: (iterm2.TerminateSessionNotification.$Properties|null);
    layoutChangedNotification?: (iterm2.LayoutChangedNotification.$Properties|null);
    focusChangedNotification?: (iterm2.FocusChangedNotification.$Properties|null);
    variableChangedNotification?: (iterm2.VariableChangedNotification.$Properties|null);
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): iterm2.Notification & iterm2.Notification.$Shape;
  }
  namespace Notification {
    interface $Properties {
      screenUpdateNotification?: (iterm2.ScreenUpdateNotification.$Properties|null);
      newSessionNotification?: (iterm2.NewSessionNotification.$Properties|null);
      terminateSessionNotification?: (iterm2.TerminateSessionNotification.$Properties|null);
      layoutChangedNotification?: (iterm2.LayoutChangedNotification.$Properties|null);
      focusChangedNotification?: (iterm2.FocusChangedNotification.$Properties|null);
      variableChangedNotification?: (iterm2.VariableChangedNotification.$Properties|null);
      $unknowns?: Uint8Array[];
    }
    type $Shape = iterm2.Notification.$Properties;
  }
}
