// Generated from the .proto file of the same name by `npm run generate`. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
import $protobuf from "protobufjs/minimal.js";
const $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error;
const $root = $protobuf.roots["iterm2-requests"] || ($protobuf.roots["iterm2-requests"] = {});
export const iterm2 = $root.iterm2 = (() => {
  const iterm2 = {};
  iterm2.ClientOriginatedMessage = (function() {
    const ClientOriginatedMessage = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ClientOriginatedMessage.prototype.id = 0;
    ClientOriginatedMessage.prototype.getBufferRequest = null;
    ClientOriginatedMessage.prototype.notificationRequest = null;
    ClientOriginatedMessage.prototype.setProfilePropertyRequest = null;
    ClientOriginatedMessage.prototype.listSessionsRequest = null;
    ClientOriginatedMessage.prototype.sendTextRequest = null;
    ClientOriginatedMessage.prototype.createTabRequest = null;
    ClientOriginatedMessage.prototype.splitPaneRequest = null;
    ClientOriginatedMessage.prototype.getProfilePropertyRequest = null;
    ClientOriginatedMessage.prototype.setPropertyRequest = null;
    ClientOriginatedMessage.prototype.getPropertyRequest = null;
    ClientOriginatedMessage.prototype.activateRequest = null;
    ClientOriginatedMessage.prototype.variableRequest = null;
    ClientOriginatedMessage.prototype.focusRequest = null;
    ClientOriginatedMessage.prototype.closeRequest = null;
    ClientOriginatedMessage.prototype.invokeFunctionRequest = null;
    ClientOriginatedMessage.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
        writer.uint32(8).int32(message.id);
      if (message.getBufferRequest != null && $Object.hasOwnProperty.call(message, "getBufferRequest"))
        $root.iterm2.GetBufferRequest.encode(message.getBufferRequest, writer.uint32(802).fork(), _depth + 1).ldelim();
      if (message.notificationRequest != null && $Object.hasOwnProperty.call(message, "notificationRequest"))
        $root.iterm2.NotificationRequest.encode(message.notificationRequest, writer.uint32(826).fork(), _depth + 1).ldelim();
      if (message.setProfilePropertyRequest != null && $Object.hasOwnProperty.call(message, "setProfilePropertyRequest"))
        $root.iterm2.SetProfilePropertyRequest.encode(message.setProfilePropertyRequest, writer.uint32(842).fork(), _depth + 1).ldelim();
      if (message.listSessionsRequest != null && $Object.hasOwnProperty.call(message, "listSessionsRequest"))
        $root.iterm2.ListSessionsRequest.encode(message.listSessionsRequest, writer.uint32(850).fork(), _depth + 1).ldelim();
      if (message.sendTextRequest != null && $Object.hasOwnProperty.call(message, "sendTextRequest"))
        $root.iterm2.SendTextRequest.encode(message.sendTextRequest, writer.uint32(858).fork(), _depth + 1).ldelim();
      if (message.createTabRequest != null && $Object.hasOwnProperty.call(message, "createTabRequest"))
        $root.iterm2.CreateTabRequest.encode(message.createTabRequest, writer.uint32(866).fork(), _depth + 1).ldelim();
      if (message.splitPaneRequest != null && $Object.hasOwnProperty.call(message, "splitPaneRequest"))
        $root.iterm2.SplitPaneRequest.encode(message.splitPaneRequest, writer.uint32(874).fork(), _depth + 1).ldelim();
      if (message.getProfilePropertyRequest != null && $Object.hasOwnProperty.call(message, "getProfilePropertyRequest"))
        $root.iterm2.GetProfilePropertyRequest.encode(message.getProfilePropertyRequest, writer.uint32(882).fork(), _depth + 1).ldelim();
      if (message.setPropertyRequest != null && $Object.hasOwnProperty.call(message, "setPropertyRequest"))
        $root.iterm2.SetPropertyRequest.encode(message.setPropertyRequest, writer.uint32(890).fork(), _depth + 1).ldelim();
      if (message.getPropertyRequest != null && $Object.hasOwnProperty.call(message, "getPropertyRequest"))
        $root.iterm2.GetPropertyRequest.encode(message.getPropertyRequest, writer.uint32(898).fork(), _depth + 1).ldelim();
      if (message.activateRequest != null && $Object.hasOwnProperty.call(message, "activateRequest"))
        $root.iterm2.ActivateRequest.encode(message.activateRequest, writer.uint32(914).fork(), _depth + 1).ldelim();
      if (message.variableRequest != null && $Object.hasOwnProperty.call(message, "variableRequest"))
        $root.iterm2.VariableRequest.encode(message.variableRequest, writer.uint32(922).fork(), _depth + 1).ldelim();
      if (message.focusRequest != null && $Object.hasOwnProperty.call(message, "focusRequest"))
        $root.iterm2.FocusRequest.encode(message.focusRequest, writer.uint32(938).fork(), _depth + 1).ldelim();
      if (message.closeRequest != null && $Object.hasOwnProperty.call(message, "closeRequest"))
        $root.iterm2.CloseRequest.encode(message.closeRequest, writer.uint32(1050).fork(), _depth + 1).ldelim();
      if (message.invokeFunctionRequest != null && $Object.hasOwnProperty.call(message, "invokeFunctionRequest"))
        $root.iterm2.InvokeFunctionRequest.encode(message.invokeFunctionRequest, writer.uint32(1058).fork(), _depth + 1).ldelim();
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return ClientOriginatedMessage;
  })();
  iterm2.ListSessionsRequest = (function() {
    const ListSessionsRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ListSessionsRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return ListSessionsRequest;
  })();
  iterm2.ProfileProperty = (function() {
    const ProfileProperty = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ProfileProperty.prototype.key = "";
    ProfileProperty.prototype.jsonValue = "";
    ProfileProperty.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
        writer.uint32(10).string(message.key);
      if (message.jsonValue != null && $Object.hasOwnProperty.call(message, "jsonValue"))
        writer.uint32(18).string(message.jsonValue);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return ProfileProperty;
  })();
  iterm2.CreateTabRequest = (function() {
    const CreateTabRequest = function (properties) {
      this.customProfileProperties = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    CreateTabRequest.prototype.profileName = "";
    CreateTabRequest.prototype.windowId = "";
    CreateTabRequest.prototype.tabIndex = 0;
    CreateTabRequest.prototype.customProfileProperties = $util.emptyArray;
    CreateTabRequest.prototype.selectTab = false;
    CreateTabRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.profileName != null && $Object.hasOwnProperty.call(message, "profileName"))
        writer.uint32(10).string(message.profileName);
      if (message.windowId != null && $Object.hasOwnProperty.call(message, "windowId"))
        writer.uint32(18).string(message.windowId);
      if (message.tabIndex != null && $Object.hasOwnProperty.call(message, "tabIndex"))
        writer.uint32(24).uint32(message.tabIndex);
      if (message.customProfileProperties != null && message.customProfileProperties.length)
        for (let i = 0; i < message.customProfileProperties.length; ++i)
          $root.iterm2.ProfileProperty.encode(message.customProfileProperties[i], writer.uint32(42).fork(), _depth + 1).ldelim();
      if (message.selectTab != null && $Object.hasOwnProperty.call(message, "selectTab"))
        writer.uint32(48).bool(message.selectTab);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return CreateTabRequest;
  })();
  iterm2.SplitPaneRequest = (function() {
    const SplitPaneRequest = function (properties) {
      this.customProfileProperties = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SplitPaneRequest.prototype.session = "";
    SplitPaneRequest.prototype.splitDirection = 0;
    SplitPaneRequest.prototype.before = false;
    SplitPaneRequest.prototype.profileName = "";
    SplitPaneRequest.prototype.customProfileProperties = $util.emptyArray;
    SplitPaneRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
        writer.uint32(10).string(message.session);
      if (message.splitDirection != null && $Object.hasOwnProperty.call(message, "splitDirection"))
        writer.uint32(16).int32(message.splitDirection);
      if (message.before != null && $Object.hasOwnProperty.call(message, "before"))
        writer.uint32(24).bool(message.before);
      if (message.profileName != null && $Object.hasOwnProperty.call(message, "profileName"))
        writer.uint32(34).string(message.profileName);
      if (message.customProfileProperties != null && message.customProfileProperties.length)
        for (let i = 0; i < message.customProfileProperties.length; ++i)
          $root.iterm2.ProfileProperty.encode(message.customProfileProperties[i], writer.uint32(42).fork(), _depth + 1).ldelim();
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return SplitPaneRequest;
  })();
  iterm2.CloseRequest = (function() {
    const CloseRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    CloseRequest.prototype.tabs = null;
    CloseRequest.prototype.sessions = null;
    CloseRequest.prototype.windows = null;
    CloseRequest.prototype.force = false;
    CloseRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.tabs != null && $Object.hasOwnProperty.call(message, "tabs"))
        $root.iterm2.CloseRequest.CloseTabs.encode(message.tabs, writer.uint32(10).fork(), _depth + 1).ldelim();
      if (message.sessions != null && $Object.hasOwnProperty.call(message, "sessions"))
        $root.iterm2.CloseRequest.CloseSessions.encode(message.sessions, writer.uint32(18).fork(), _depth + 1).ldelim();
      if (message.windows != null && $Object.hasOwnProperty.call(message, "windows"))
        $root.iterm2.CloseRequest.CloseWindows.encode(message.windows, writer.uint32(26).fork(), _depth + 1).ldelim();
      if (message.force != null && $Object.hasOwnProperty.call(message, "force"))
        writer.uint32(32).bool(message.force);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    CloseRequest.CloseTabs = (function() {
      const CloseTabs = function (properties) {
        this.tabIds = [];
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      CloseTabs.prototype.tabIds = $util.emptyArray;
      CloseTabs.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.tabIds != null && message.tabIds.length)
          for (let i = 0; i < message.tabIds.length; ++i)
            writer.uint32(10).string(message.tabIds[i]);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return CloseTabs;
    })();
    CloseRequest.CloseSessions = (function() {
      const CloseSessions = function (properties) {
        this.sessionIds = [];
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      CloseSessions.prototype.sessionIds = $util.emptyArray;
      CloseSessions.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.sessionIds != null && message.sessionIds.length)
          for (let i = 0; i < message.sessionIds.length; ++i)
            writer.uint32(10).string(message.sessionIds[i]);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return CloseSessions;
    })();
    CloseRequest.CloseWindows = (function() {
      const CloseWindows = function (properties) {
        this.windowIds = [];
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      CloseWindows.prototype.windowIds = $util.emptyArray;
      CloseWindows.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.windowIds != null && message.windowIds.length)
          for (let i = 0; i < message.windowIds.length; ++i)
            writer.uint32(10).string(message.windowIds[i]);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return CloseWindows;
    })();
    return CloseRequest;
  })();
  iterm2.ActivateRequest = (function() {
    const ActivateRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ActivateRequest.prototype.windowId = "";
    ActivateRequest.prototype.tabId = "";
    ActivateRequest.prototype.sessionId = "";
    ActivateRequest.prototype.orderWindowFront = false;
    ActivateRequest.prototype.selectTab = false;
    ActivateRequest.prototype.selectSession = false;
    ActivateRequest.prototype.activateApp = null;
    ActivateRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.windowId != null && $Object.hasOwnProperty.call(message, "windowId"))
        writer.uint32(10).string(message.windowId);
      if (message.tabId != null && $Object.hasOwnProperty.call(message, "tabId"))
        writer.uint32(18).string(message.tabId);
      if (message.sessionId != null && $Object.hasOwnProperty.call(message, "sessionId"))
        writer.uint32(26).string(message.sessionId);
      if (message.orderWindowFront != null && $Object.hasOwnProperty.call(message, "orderWindowFront"))
        writer.uint32(32).bool(message.orderWindowFront);
      if (message.selectTab != null && $Object.hasOwnProperty.call(message, "selectTab"))
        writer.uint32(40).bool(message.selectTab);
      if (message.selectSession != null && $Object.hasOwnProperty.call(message, "selectSession"))
        writer.uint32(48).bool(message.selectSession);
      if (message.activateApp != null && $Object.hasOwnProperty.call(message, "activateApp"))
        $root.iterm2.ActivateRequest.App.encode(message.activateApp, writer.uint32(58).fork(), _depth + 1).ldelim();
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    ActivateRequest.App = (function() {
      const App = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      App.prototype.raiseAllWindows = false;
      App.prototype.ignoringOtherApps = false;
      App.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.raiseAllWindows != null && $Object.hasOwnProperty.call(message, "raiseAllWindows"))
          writer.uint32(8).bool(message.raiseAllWindows);
        if (message.ignoringOtherApps != null && $Object.hasOwnProperty.call(message, "ignoringOtherApps"))
          writer.uint32(16).bool(message.ignoringOtherApps);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return App;
    })();
    return ActivateRequest;
  })();
  iterm2.FocusRequest = (function() {
    const FocusRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    FocusRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return FocusRequest;
  })();
  iterm2.SendTextRequest = (function() {
    const SendTextRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SendTextRequest.prototype.session = "";
    SendTextRequest.prototype.text = "";
    SendTextRequest.prototype.suppressBroadcast = false;
    SendTextRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
        writer.uint32(10).string(message.session);
      if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
        writer.uint32(18).string(message.text);
      if (message.suppressBroadcast != null && $Object.hasOwnProperty.call(message, "suppressBroadcast"))
        writer.uint32(24).bool(message.suppressBroadcast);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return SendTextRequest;
  })();
  iterm2.LineRange = (function() {
    const LineRange = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    LineRange.prototype.screenContentsOnly = false;
    LineRange.prototype.trailingLines = 0;
    LineRange.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.screenContentsOnly != null && $Object.hasOwnProperty.call(message, "screenContentsOnly"))
        writer.uint32(8).bool(message.screenContentsOnly);
      if (message.trailingLines != null && $Object.hasOwnProperty.call(message, "trailingLines"))
        writer.uint32(16).int32(message.trailingLines);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return LineRange;
  })();
  iterm2.GetBufferRequest = (function() {
    const GetBufferRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    GetBufferRequest.prototype.session = "";
    GetBufferRequest.prototype.lineRange = null;
    GetBufferRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
        writer.uint32(10).string(message.session);
      if (message.lineRange != null && $Object.hasOwnProperty.call(message, "lineRange"))
        $root.iterm2.LineRange.encode(message.lineRange, writer.uint32(18).fork(), _depth + 1).ldelim();
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return GetBufferRequest;
  })();
  iterm2.VariableRequest = (function() {
    const VariableRequest = function (properties) {
      this.set = [];
      this.get = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    VariableRequest.prototype.sessionId = "";
    VariableRequest.prototype.tabId = "";
    VariableRequest.prototype.app = false;
    VariableRequest.prototype.windowId = "";
    VariableRequest.prototype.set = $util.emptyArray;
    VariableRequest.prototype.get = $util.emptyArray;
    VariableRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.sessionId != null && $Object.hasOwnProperty.call(message, "sessionId"))
        writer.uint32(10).string(message.sessionId);
      if (message.set != null && message.set.length)
        for (let i = 0; i < message.set.length; ++i)
          $root.iterm2.VariableRequest.Set.encode(message.set[i], writer.uint32(18).fork(), _depth + 1).ldelim();
      if (message.get != null && message.get.length)
        for (let i = 0; i < message.get.length; ++i)
          writer.uint32(26).string(message.get[i]);
      if (message.tabId != null && $Object.hasOwnProperty.call(message, "tabId"))
        writer.uint32(34).string(message.tabId);
      if (message.app != null && $Object.hasOwnProperty.call(message, "app"))
        writer.uint32(40).bool(message.app);
      if (message.windowId != null && $Object.hasOwnProperty.call(message, "windowId"))
        writer.uint32(50).string(message.windowId);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    VariableRequest.Set = (function() {
      const Set = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Set.prototype.name = "";
      Set.prototype.value = "";
      Set.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
          writer.uint32(10).string(message.name);
        if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
          writer.uint32(18).string(message.value);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return Set;
    })();
    return VariableRequest;
  })();
  iterm2.GetProfilePropertyRequest = (function() {
    const GetProfilePropertyRequest = function (properties) {
      this.keys = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    GetProfilePropertyRequest.prototype.session = "";
    GetProfilePropertyRequest.prototype.keys = $util.emptyArray;
    GetProfilePropertyRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
        writer.uint32(10).string(message.session);
      if (message.keys != null && message.keys.length)
        for (let i = 0; i < message.keys.length; ++i)
          writer.uint32(18).string(message.keys[i]);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return GetProfilePropertyRequest;
  })();
  iterm2.SetProfilePropertyRequest = (function() {
    const SetProfilePropertyRequest = function (properties) {
      this.assignments = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SetProfilePropertyRequest.prototype.session = "";
    SetProfilePropertyRequest.prototype.assignments = $util.emptyArray;
    SetProfilePropertyRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
        writer.uint32(10).string(message.session);
      if (message.assignments != null && message.assignments.length)
        for (let i = 0; i < message.assignments.length; ++i)
          $root.iterm2.SetProfilePropertyRequest.Assignment.encode(message.assignments[i], writer.uint32(42).fork(), _depth + 1).ldelim();
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    SetProfilePropertyRequest.Assignment = (function() {
      const Assignment = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Assignment.prototype.key = "";
      Assignment.prototype.jsonValue = "";
      Assignment.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
          writer.uint32(10).string(message.key);
        if (message.jsonValue != null && $Object.hasOwnProperty.call(message, "jsonValue"))
          writer.uint32(18).string(message.jsonValue);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return Assignment;
    })();
    return SetProfilePropertyRequest;
  })();
  iterm2.GetPropertyRequest = (function() {
    const GetPropertyRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    GetPropertyRequest.prototype.windowId = "";
    GetPropertyRequest.prototype.sessionId = "";
    GetPropertyRequest.prototype.name = "";
    GetPropertyRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.windowId != null && $Object.hasOwnProperty.call(message, "windowId"))
        writer.uint32(10).string(message.windowId);
      if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
        writer.uint32(18).string(message.name);
      if (message.sessionId != null && $Object.hasOwnProperty.call(message, "sessionId"))
        writer.uint32(26).string(message.sessionId);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return GetPropertyRequest;
  })();
  iterm2.SetPropertyRequest = (function() {
    const SetPropertyRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SetPropertyRequest.prototype.windowId = "";
    SetPropertyRequest.prototype.sessionId = "";
    SetPropertyRequest.prototype.name = "";
    SetPropertyRequest.prototype.jsonValue = "";
    SetPropertyRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.windowId != null && $Object.hasOwnProperty.call(message, "windowId"))
        writer.uint32(10).string(message.windowId);
      if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
        writer.uint32(26).string(message.name);
      if (message.jsonValue != null && $Object.hasOwnProperty.call(message, "jsonValue"))
        writer.uint32(34).string(message.jsonValue);
      if (message.sessionId != null && $Object.hasOwnProperty.call(message, "sessionId"))
        writer.uint32(42).string(message.sessionId);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return SetPropertyRequest;
  })();
  iterm2.InvokeFunctionRequest = (function() {
    const InvokeFunctionRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    InvokeFunctionRequest.prototype.tab = null;
    InvokeFunctionRequest.prototype.session = null;
    InvokeFunctionRequest.prototype.window = null;
    InvokeFunctionRequest.prototype.app = null;
    InvokeFunctionRequest.prototype.method = null;
    InvokeFunctionRequest.prototype.invocation = "";
    InvokeFunctionRequest.prototype.timeout = 0;
    InvokeFunctionRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.tab != null && $Object.hasOwnProperty.call(message, "tab"))
        $root.iterm2.InvokeFunctionRequest.Tab.encode(message.tab, writer.uint32(10).fork(), _depth + 1).ldelim();
      if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
        $root.iterm2.InvokeFunctionRequest.Session.encode(message.session, writer.uint32(18).fork(), _depth + 1).ldelim();
      if (message.window != null && $Object.hasOwnProperty.call(message, "window"))
        $root.iterm2.InvokeFunctionRequest.Window.encode(message.window, writer.uint32(26).fork(), _depth + 1).ldelim();
      if (message.app != null && $Object.hasOwnProperty.call(message, "app"))
        $root.iterm2.InvokeFunctionRequest.App.encode(message.app, writer.uint32(34).fork(), _depth + 1).ldelim();
      if (message.invocation != null && $Object.hasOwnProperty.call(message, "invocation"))
        writer.uint32(42).string(message.invocation);
      if (message.timeout != null && $Object.hasOwnProperty.call(message, "timeout"))
        writer.uint32(49).double(message.timeout);
      if (message.method != null && $Object.hasOwnProperty.call(message, "method"))
        $root.iterm2.InvokeFunctionRequest.Method.encode(message.method, writer.uint32(58).fork(), _depth + 1).ldelim();
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    InvokeFunctionRequest.Tab = (function() {
      const Tab = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Tab.prototype.tabId = "";
      Tab.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.tabId != null && $Object.hasOwnProperty.call(message, "tabId"))
          writer.uint32(10).string(message.tabId);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return Tab;
    })();
    InvokeFunctionRequest.Session = (function() {
      const Session = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Session.prototype.sessionId = "";
      Session.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.sessionId != null && $Object.hasOwnProperty.call(message, "sessionId"))
          writer.uint32(10).string(message.sessionId);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return Session;
    })();
    InvokeFunctionRequest.Window = (function() {
      const Window = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Window.prototype.windowId = "";
      Window.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.windowId != null && $Object.hasOwnProperty.call(message, "windowId"))
          writer.uint32(10).string(message.windowId);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return Window;
    })();
    InvokeFunctionRequest.App = (function() {
      const App = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      App.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return App;
    })();
    InvokeFunctionRequest.Method = (function() {
      const Method = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Method.prototype.receiver = "";
      Method.encode = function (message, writer, _depth) {
        if (!writer)
          writer = $Writer.create();
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $util.recursionLimit)
          throw $Error("max depth exceeded");
        if (message.receiver != null && $Object.hasOwnProperty.call(message, "receiver"))
          writer.uint32(10).string(message.receiver);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
          for (let i = 0; i < message.$unknowns.length; ++i)
            writer.raw(message.$unknowns[i]);
        return writer;
      };
      return Method;
    })();
    return InvokeFunctionRequest;
  })();
  iterm2.VariableMonitorRequest = (function() {
    const VariableMonitorRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    VariableMonitorRequest.prototype.name = "";
    VariableMonitorRequest.prototype.scope = 0;
    VariableMonitorRequest.prototype.identifier = "";
    VariableMonitorRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
        writer.uint32(10).string(message.name);
      if (message.scope != null && $Object.hasOwnProperty.call(message, "scope"))
        writer.uint32(16).int32(message.scope);
      if (message.identifier != null && $Object.hasOwnProperty.call(message, "identifier"))
        writer.uint32(26).string(message.identifier);
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return VariableMonitorRequest;
  })();
  iterm2.NotificationRequest = (function() {
    const NotificationRequest = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    NotificationRequest.prototype.session = "";
    NotificationRequest.prototype.subscribe = false;
    NotificationRequest.prototype.notificationType = 0;
    NotificationRequest.prototype.variableMonitorRequest = null;
    NotificationRequest.encode = function (message, writer, _depth) {
      if (!writer)
        writer = $Writer.create();
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $util.recursionLimit)
        throw $Error("max depth exceeded");
      if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
        writer.uint32(10).string(message.session);
      if (message.subscribe != null && $Object.hasOwnProperty.call(message, "subscribe"))
        writer.uint32(16).bool(message.subscribe);
      if (message.notificationType != null && $Object.hasOwnProperty.call(message, "notificationType"))
        writer.uint32(24).int32(message.notificationType);
      if (message.variableMonitorRequest != null && $Object.hasOwnProperty.call(message, "variableMonitorRequest"))
        $root.iterm2.VariableMonitorRequest.encode(message.variableMonitorRequest, writer.uint32(50).fork(), _depth + 1).ldelim();
      if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
        for (let i = 0; i < message.$unknowns.length; ++i)
          writer.raw(message.$unknowns[i]);
      return writer;
    };
    return NotificationRequest;
  })();
  return iterm2;
})();
export {
  $root as default
};
