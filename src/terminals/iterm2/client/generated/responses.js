// Generated from the .proto file of the same name by `npm run generate`. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
import $protobuf from "protobufjs/minimal.js";
const $Reader = $protobuf.Reader, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;
const $root = $protobuf.roots["iterm2-responses"] || ($protobuf.roots["iterm2-responses"] = {});
export const iterm2 = $root.iterm2 = (() => {
  const iterm2 = {};
  iterm2.ServerOriginatedMessage = (function() {
    const ServerOriginatedMessage = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ServerOriginatedMessage.prototype.id = 0;
    ServerOriginatedMessage.prototype.error = "";
    ServerOriginatedMessage.prototype.getBufferResponse = null;
    ServerOriginatedMessage.prototype.notificationResponse = null;
    ServerOriginatedMessage.prototype.setProfilePropertyResponse = null;
    ServerOriginatedMessage.prototype.listSessionsResponse = null;
    ServerOriginatedMessage.prototype.sendTextResponse = null;
    ServerOriginatedMessage.prototype.createTabResponse = null;
    ServerOriginatedMessage.prototype.splitPaneResponse = null;
    ServerOriginatedMessage.prototype.getProfilePropertyResponse = null;
    ServerOriginatedMessage.prototype.setPropertyResponse = null;
    ServerOriginatedMessage.prototype.getPropertyResponse = null;
    ServerOriginatedMessage.prototype.activateResponse = null;
    ServerOriginatedMessage.prototype.variableResponse = null;
    ServerOriginatedMessage.prototype.focusResponse = null;
    ServerOriginatedMessage.prototype.closeResponse = null;
    ServerOriginatedMessage.prototype.invokeFunctionResponse = null;
    ServerOriginatedMessage.prototype.notification = null;
    ServerOriginatedMessage.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.ServerOriginatedMessage();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.id = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.error = reader.string();
            continue;
          }
        case 100: {
            if (wireType !== 2)
              break;
            message.getBufferResponse = $root.iterm2.GetBufferResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.getBufferResponse);
            continue;
          }
        case 103: {
            if (wireType !== 2)
              break;
            message.notificationResponse = $root.iterm2.NotificationResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.notificationResponse);
            continue;
          }
        case 105: {
            if (wireType !== 2)
              break;
            message.setProfilePropertyResponse = $root.iterm2.SetProfilePropertyResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.setProfilePropertyResponse);
            continue;
          }
        case 106: {
            if (wireType !== 2)
              break;
            message.listSessionsResponse = $root.iterm2.ListSessionsResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.listSessionsResponse);
            continue;
          }
        case 107: {
            if (wireType !== 2)
              break;
            message.sendTextResponse = $root.iterm2.SendTextResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.sendTextResponse);
            continue;
          }
        case 108: {
            if (wireType !== 2)
              break;
            message.createTabResponse = $root.iterm2.CreateTabResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.createTabResponse);
            continue;
          }
        case 109: {
            if (wireType !== 2)
              break;
            message.splitPaneResponse = $root.iterm2.SplitPaneResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.splitPaneResponse);
            continue;
          }
        case 110: {
            if (wireType !== 2)
              break;
            message.getProfilePropertyResponse = $root.iterm2.GetProfilePropertyResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.getProfilePropertyResponse);
            continue;
          }
        case 111: {
            if (wireType !== 2)
              break;
            message.setPropertyResponse = $root.iterm2.SetPropertyResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.setPropertyResponse);
            continue;
          }
        case 112: {
            if (wireType !== 2)
              break;
            message.getPropertyResponse = $root.iterm2.GetPropertyResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.getPropertyResponse);
            continue;
          }
        case 114: {
            if (wireType !== 2)
              break;
            message.activateResponse = $root.iterm2.ActivateResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.activateResponse);
            continue;
          }
        case 115: {
            if (wireType !== 2)
              break;
            message.variableResponse = $root.iterm2.VariableResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.variableResponse);
            continue;
          }
        case 117: {
            if (wireType !== 2)
              break;
            message.focusResponse = $root.iterm2.FocusResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.focusResponse);
            continue;
          }
        case 131: {
            if (wireType !== 2)
              break;
            message.closeResponse = $root.iterm2.CloseResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.closeResponse);
            continue;
          }
        case 132: {
            if (wireType !== 2)
              break;
            message.invokeFunctionResponse = $root.iterm2.InvokeFunctionResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.invokeFunctionResponse);
            continue;
          }
        case 1000: {
            if (wireType !== 2)
              break;
            message.notification = $root.iterm2.Notification.decode(reader, reader.size(), $undefined, _depth + 1, message.notification);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return ServerOriginatedMessage;
  })();
  iterm2.Point = (function() {
    const Point = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    Point.prototype.x = 0;
    Point.prototype.y = 0;
    Point.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.Point();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.x = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 0)
              break;
            message.y = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return Point;
  })();
  iterm2.Size = (function() {
    const Size = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    Size.prototype.width = 0;
    Size.prototype.height = 0;
    Size.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.Size();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.width = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 0)
              break;
            message.height = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return Size;
  })();
  iterm2.Frame = (function() {
    const Frame = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    Frame.prototype.origin = null;
    Frame.prototype.size = null;
    Frame.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.Frame();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.origin = $root.iterm2.Point.decode(reader, reader.size(), $undefined, _depth + 1, message.origin);
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.size = $root.iterm2.Size.decode(reader, reader.size(), $undefined, _depth + 1, message.size);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return Frame;
  })();
  iterm2.SessionSummary = (function() {
    const SessionSummary = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SessionSummary.prototype.uniqueIdentifier = "";
    SessionSummary.prototype.frame = null;
    SessionSummary.prototype.gridSize = null;
    SessionSummary.prototype.title = "";
    SessionSummary.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.SessionSummary();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.uniqueIdentifier = reader.string();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.frame = $root.iterm2.Frame.decode(reader, reader.size(), $undefined, _depth + 1, message.frame);
            continue;
          }
        case 3: {
            if (wireType !== 2)
              break;
            message.gridSize = $root.iterm2.Size.decode(reader, reader.size(), $undefined, _depth + 1, message.gridSize);
            continue;
          }
        case 4: {
            if (wireType !== 2)
              break;
            message.title = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return SessionSummary;
  })();
  iterm2.SplitTreeNode = (function() {
    const SplitTreeNode = function (properties) {
      this.links = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SplitTreeNode.prototype.vertical = false;
    SplitTreeNode.prototype.links = $util.emptyArray;
    SplitTreeNode.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.SplitTreeNode();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.vertical = reader.bool();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            if (!(message.links && message.links.length))
              message.links = [];
            message.links.push($root.iterm2.SplitTreeNode.SplitTreeLink.decode(reader, reader.size(), $undefined, _depth + 1));
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    SplitTreeNode.SplitTreeLink = (function() {
      const SplitTreeLink = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      SplitTreeLink.prototype.session = null;
      SplitTreeLink.prototype.node = null;
      SplitTreeLink.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
          reader = $Reader.create(reader);
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $Reader.recursionLimit)
          throw $Error("max depth exceeded");
        let end, message;
        if (length === $undefined)
          end = reader.len;
        else {
          end = reader.pos + length;
          if (end > reader.len)
            throw $RangeError("index out of range");
          length = reader.len;
          reader.len = end;
        }
        message = _target || new $root.iterm2.SplitTreeNode.SplitTreeLink();
        while (reader.pos < end) {
          let start = reader.pos;
          let tag = reader.tag();
          if (tag === _end) {
            _end = $undefined;
            break;
          }
          let wireType = tag & 7;
          switch (tag >>>= 3) {
          case 1: {
              if (wireType !== 2)
                break;
              message.session = $root.iterm2.SessionSummary.decode(reader, reader.size(), $undefined, _depth + 1, message.session);
              continue;
            }
          case 2: {
              if (wireType !== 2)
                break;
              message.node = $root.iterm2.SplitTreeNode.decode(reader, reader.size(), $undefined, _depth + 1, message.node);
              continue;
            }
          }
          reader.skipType(wireType, _depth, tag);
          if (!reader.discardUnknown) {
            $util.makeProp(message, "$unknowns", false);
            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
          }
        }
        if (length !== $undefined) {
          if (reader.pos !== end)
            throw $RangeError("index out of range");
          reader.len = length;
        }
        if (_end !== $undefined)
          throw $Error("missing end group");
        return message;
      };
      return SplitTreeLink;
    })();
    return SplitTreeNode;
  })();
  iterm2.ListSessionsResponse = (function() {
    const ListSessionsResponse = function (properties) {
      this.windows = [];
      this.buriedSessions = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ListSessionsResponse.prototype.windows = $util.emptyArray;
    ListSessionsResponse.prototype.buriedSessions = $util.emptyArray;
    ListSessionsResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.ListSessionsResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            if (!(message.windows && message.windows.length))
              message.windows = [];
            message.windows.push($root.iterm2.ListSessionsResponse.Window.decode(reader, reader.size(), $undefined, _depth + 1));
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            if (!(message.buriedSessions && message.buriedSessions.length))
              message.buriedSessions = [];
            message.buriedSessions.push($root.iterm2.SessionSummary.decode(reader, reader.size(), $undefined, _depth + 1));
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    ListSessionsResponse.Tab = (function() {
      const Tab = function (properties) {
        this.minimizedSessions = [];
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Tab.prototype.tabId = "";
      Tab.prototype.root = null;
      Tab.prototype.tmuxWindowId = "";
      Tab.prototype.tmuxConnectionId = "";
      Tab.prototype.minimizedSessions = $util.emptyArray;
      Tab.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
          reader = $Reader.create(reader);
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $Reader.recursionLimit)
          throw $Error("max depth exceeded");
        let end, message;
        if (length === $undefined)
          end = reader.len;
        else {
          end = reader.pos + length;
          if (end > reader.len)
            throw $RangeError("index out of range");
          length = reader.len;
          reader.len = end;
        }
        message = _target || new $root.iterm2.ListSessionsResponse.Tab();
        while (reader.pos < end) {
          let start = reader.pos;
          let tag = reader.tag();
          if (tag === _end) {
            _end = $undefined;
            break;
          }
          let wireType = tag & 7;
          switch (tag >>>= 3) {
          case 2: {
              if (wireType !== 2)
                break;
              message.tabId = reader.string();
              continue;
            }
          case 3: {
              if (wireType !== 2)
                break;
              message.root = $root.iterm2.SplitTreeNode.decode(reader, reader.size(), $undefined, _depth + 1, message.root);
              continue;
            }
          case 4: {
              if (wireType !== 2)
                break;
              message.tmuxWindowId = reader.string();
              continue;
            }
          case 5: {
              if (wireType !== 2)
                break;
              message.tmuxConnectionId = reader.string();
              continue;
            }
          case 6: {
              if (wireType !== 2)
                break;
              if (!(message.minimizedSessions && message.minimizedSessions.length))
                message.minimizedSessions = [];
              message.minimizedSessions.push($root.iterm2.SessionSummary.decode(reader, reader.size(), $undefined, _depth + 1));
              continue;
            }
          }
          reader.skipType(wireType, _depth, tag);
          if (!reader.discardUnknown) {
            $util.makeProp(message, "$unknowns", false);
            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
          }
        }
        if (length !== $undefined) {
          if (reader.pos !== end)
            throw $RangeError("index out of range");
          reader.len = length;
        }
        if (_end !== $undefined)
          throw $Error("missing end group");
        return message;
      };
      return Tab;
    })();
    ListSessionsResponse.Window = (function() {
      const Window = function (properties) {
        this.tabs = [];
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Window.prototype.tabs = $util.emptyArray;
      Window.prototype.windowId = "";
      Window.prototype.frame = null;
      Window.prototype.number = 0;
      Window.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
          reader = $Reader.create(reader);
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $Reader.recursionLimit)
          throw $Error("max depth exceeded");
        let end, message;
        if (length === $undefined)
          end = reader.len;
        else {
          end = reader.pos + length;
          if (end > reader.len)
            throw $RangeError("index out of range");
          length = reader.len;
          reader.len = end;
        }
        message = _target || new $root.iterm2.ListSessionsResponse.Window();
        while (reader.pos < end) {
          let start = reader.pos;
          let tag = reader.tag();
          if (tag === _end) {
            _end = $undefined;
            break;
          }
          let wireType = tag & 7;
          switch (tag >>>= 3) {
          case 1: {
              if (wireType !== 2)
                break;
              if (!(message.tabs && message.tabs.length))
                message.tabs = [];
              message.tabs.push($root.iterm2.ListSessionsResponse.Tab.decode(reader, reader.size(), $undefined, _depth + 1));
              continue;
            }
          case 2: {
              if (wireType !== 2)
                break;
              message.windowId = reader.string();
              continue;
            }
          case 3: {
              if (wireType !== 2)
                break;
              message.frame = $root.iterm2.Frame.decode(reader, reader.size(), $undefined, _depth + 1, message.frame);
              continue;
            }
          case 4: {
              if (wireType !== 0)
                break;
              message.number = reader.int32();
              continue;
            }
          }
          reader.skipType(wireType, _depth, tag);
          if (!reader.discardUnknown) {
            $util.makeProp(message, "$unknowns", false);
            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
          }
        }
        if (length !== $undefined) {
          if (reader.pos !== end)
            throw $RangeError("index out of range");
          reader.len = length;
        }
        if (_end !== $undefined)
          throw $Error("missing end group");
        return message;
      };
      return Window;
    })();
    return ListSessionsResponse;
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
    ProfileProperty.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.ProfileProperty();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.key = reader.string();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.jsonValue = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return ProfileProperty;
  })();
  iterm2.CreateTabResponse = (function() {
    const CreateTabResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    CreateTabResponse.prototype.status = 0;
    CreateTabResponse.prototype.windowId = "";
    CreateTabResponse.prototype.tabId = 0;
    CreateTabResponse.prototype.sessionId = "";
    CreateTabResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.CreateTabResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.windowId = reader.string();
            continue;
          }
        case 3: {
            if (wireType !== 0)
              break;
            message.tabId = reader.int32();
            continue;
          }
        case 4: {
            if (wireType !== 2)
              break;
            message.sessionId = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return CreateTabResponse;
  })();
  iterm2.SplitPaneResponse = (function() {
    const SplitPaneResponse = function (properties) {
      this.sessionId = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SplitPaneResponse.prototype.status = 0;
    SplitPaneResponse.prototype.sessionId = $util.emptyArray;
    SplitPaneResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.SplitPaneResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            if (!(message.sessionId && message.sessionId.length))
              message.sessionId = [];
            message.sessionId.push(reader.string());
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return SplitPaneResponse;
  })();
  iterm2.CloseResponse = (function() {
    const CloseResponse = function (properties) {
      this.statuses = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    CloseResponse.prototype.statuses = $util.emptyArray;
    CloseResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.CloseResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType === 2) {
              if (!(message.statuses && message.statuses.length))
                message.statuses = [];
              reader.int32s(message.statuses);
              continue;
            }
            if (wireType !== 0)
              break;
            if (!(message.statuses && message.statuses.length))
              message.statuses = [];
            message.statuses.push(reader.int32());
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return CloseResponse;
  })();
  iterm2.ActivateResponse = (function() {
    const ActivateResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ActivateResponse.prototype.status = 0;
    ActivateResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.ActivateResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return ActivateResponse;
  })();
  iterm2.FocusResponse = (function() {
    const FocusResponse = function (properties) {
      this.notifications = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    FocusResponse.prototype.notifications = $util.emptyArray;
    FocusResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.FocusResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            if (!(message.notifications && message.notifications.length))
              message.notifications = [];
            message.notifications.push($root.iterm2.FocusChangedNotification.decode(reader, reader.size(), $undefined, _depth + 1));
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return FocusResponse;
  })();
  iterm2.SendTextResponse = (function() {
    const SendTextResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SendTextResponse.prototype.status = 0;
    SendTextResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.SendTextResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return SendTextResponse;
  })();
  iterm2.Coord = (function() {
    const Coord = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    Coord.prototype.x = 0;
    Coord.prototype.y = 0;
    Coord.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.Coord();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.x = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 0)
              break;
            message.y = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return Coord;
  })();
  iterm2.CoordRange = (function() {
    const CoordRange = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    CoordRange.prototype.start = null;
    CoordRange.prototype.end = null;
    CoordRange.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.CoordRange();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.start = $root.iterm2.Coord.decode(reader, reader.size(), $undefined, _depth + 1, message.start);
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.end = $root.iterm2.Coord.decode(reader, reader.size(), $undefined, _depth + 1, message.end);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return CoordRange;
  })();
  iterm2.Range = (function() {
    const Range = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    Range.prototype.location = 0;
    Range.prototype.length = 0;
    Range.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.Range();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.location = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 0)
              break;
            message.length = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return Range;
  })();
  iterm2.WindowedCoordRange = (function() {
    const WindowedCoordRange = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    WindowedCoordRange.prototype.coordRange = null;
    WindowedCoordRange.prototype.columns = null;
    WindowedCoordRange.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.WindowedCoordRange();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.coordRange = $root.iterm2.CoordRange.decode(reader, reader.size(), $undefined, _depth + 1, message.coordRange);
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.columns = $root.iterm2.Range.decode(reader, reader.size(), $undefined, _depth + 1, message.columns);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return WindowedCoordRange;
  })();
  iterm2.CodePointsPerCell = (function() {
    const CodePointsPerCell = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    CodePointsPerCell.prototype.numCodePoints = 1;
    CodePointsPerCell.prototype.repeats = 0;
    CodePointsPerCell.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.CodePointsPerCell();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.numCodePoints = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 0)
              break;
            message.repeats = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return CodePointsPerCell;
  })();
  iterm2.LineContents = (function() {
    const LineContents = function (properties) {
      this.codePointsPerCell = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    LineContents.prototype.text = "";
    LineContents.prototype.codePointsPerCell = $util.emptyArray;
    LineContents.prototype.continuation = 1;
    LineContents.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.LineContents();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.text = reader.string();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            if (!(message.codePointsPerCell && message.codePointsPerCell.length))
              message.codePointsPerCell = [];
            message.codePointsPerCell.push($root.iterm2.CodePointsPerCell.decode(reader, reader.size(), $undefined, _depth + 1));
            continue;
          }
        case 3: {
            if (wireType !== 0)
              break;
            message.continuation = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return LineContents;
  })();
  iterm2.GetBufferResponse = (function() {
    const GetBufferResponse = function (properties) {
      this.contents = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    GetBufferResponse.prototype.status = 0;
    GetBufferResponse.prototype.contents = $util.emptyArray;
    GetBufferResponse.prototype.cursor = null;
    GetBufferResponse.prototype.windowedCoordRange = null;
    GetBufferResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.GetBufferResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        case 3: {
            if (wireType !== 2)
              break;
            if (!(message.contents && message.contents.length))
              message.contents = [];
            message.contents.push($root.iterm2.LineContents.decode(reader, reader.size(), $undefined, _depth + 1));
            continue;
          }
        case 4: {
            if (wireType !== 2)
              break;
            message.cursor = $root.iterm2.Coord.decode(reader, reader.size(), $undefined, _depth + 1, message.cursor);
            continue;
          }
        case 6: {
            if (wireType !== 2)
              break;
            message.windowedCoordRange = $root.iterm2.WindowedCoordRange.decode(reader, reader.size(), $undefined, _depth + 1, message.windowedCoordRange);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return GetBufferResponse;
  })();
  iterm2.VariableResponse = (function() {
    const VariableResponse = function (properties) {
      this.values = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    VariableResponse.prototype.status = 0;
    VariableResponse.prototype.values = $util.emptyArray;
    VariableResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.VariableResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            if (!(message.values && message.values.length))
              message.values = [];
            message.values.push(reader.string());
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return VariableResponse;
  })();
  iterm2.GetProfilePropertyResponse = (function() {
    const GetProfilePropertyResponse = function (properties) {
      this.properties = [];
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    GetProfilePropertyResponse.prototype.status = 0;
    GetProfilePropertyResponse.prototype.properties = $util.emptyArray;
    GetProfilePropertyResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.GetProfilePropertyResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        case 3: {
            if (wireType !== 2)
              break;
            if (!(message.properties && message.properties.length))
              message.properties = [];
            message.properties.push($root.iterm2.ProfileProperty.decode(reader, reader.size(), $undefined, _depth + 1));
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return GetProfilePropertyResponse;
  })();
  iterm2.SetProfilePropertyResponse = (function() {
    const SetProfilePropertyResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SetProfilePropertyResponse.prototype.status = 0;
    SetProfilePropertyResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.SetProfilePropertyResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return SetProfilePropertyResponse;
  })();
  iterm2.GetPropertyResponse = (function() {
    const GetPropertyResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    GetPropertyResponse.prototype.status = 0;
    GetPropertyResponse.prototype.jsonValue = "";
    GetPropertyResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.GetPropertyResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.jsonValue = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return GetPropertyResponse;
  })();
  iterm2.SetPropertyResponse = (function() {
    const SetPropertyResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    SetPropertyResponse.prototype.status = 0;
    SetPropertyResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.SetPropertyResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return SetPropertyResponse;
  })();
  iterm2.InvokeFunctionResponse = (function() {
    const InvokeFunctionResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    InvokeFunctionResponse.prototype.error = null;
    InvokeFunctionResponse.prototype.success = null;
    InvokeFunctionResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.InvokeFunctionResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.error = $root.iterm2.InvokeFunctionResponse.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.success = $root.iterm2.InvokeFunctionResponse.Success.decode(reader, reader.size(), $undefined, _depth + 1, message.success);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    InvokeFunctionResponse.Error = (function() {
      const Error = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Error.prototype.status = 0;
      Error.prototype.errorReason = "";
      Error.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
          reader = $Reader.create(reader);
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $Reader.recursionLimit)
          throw $Error("max depth exceeded");
        let end, message;
        if (length === $undefined)
          end = reader.len;
        else {
          end = reader.pos + length;
          if (end > reader.len)
            throw $RangeError("index out of range");
          length = reader.len;
          reader.len = end;
        }
        message = _target || new $root.iterm2.InvokeFunctionResponse.Error();
        while (reader.pos < end) {
          let start = reader.pos;
          let tag = reader.tag();
          if (tag === _end) {
            _end = $undefined;
            break;
          }
          let wireType = tag & 7;
          switch (tag >>>= 3) {
          case 1: {
              if (wireType !== 0)
                break;
              message.status = reader.int32();
              continue;
            }
          case 2: {
              if (wireType !== 2)
                break;
              message.errorReason = reader.string();
              continue;
            }
          }
          reader.skipType(wireType, _depth, tag);
          if (!reader.discardUnknown) {
            $util.makeProp(message, "$unknowns", false);
            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
          }
        }
        if (length !== $undefined) {
          if (reader.pos !== end)
            throw $RangeError("index out of range");
          reader.len = length;
        }
        if (_end !== $undefined)
          throw $Error("missing end group");
        return message;
      };
      return Error;
    })();
    InvokeFunctionResponse.Success = (function() {
      const Success = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Success.prototype.jsonResult = "";
      Success.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
          reader = $Reader.create(reader);
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $Reader.recursionLimit)
          throw $Error("max depth exceeded");
        let end, message;
        if (length === $undefined)
          end = reader.len;
        else {
          end = reader.pos + length;
          if (end > reader.len)
            throw $RangeError("index out of range");
          length = reader.len;
          reader.len = end;
        }
        message = _target || new $root.iterm2.InvokeFunctionResponse.Success();
        while (reader.pos < end) {
          let start = reader.pos;
          let tag = reader.tag();
          if (tag === _end) {
            _end = $undefined;
            break;
          }
          let wireType = tag & 7;
          switch (tag >>>= 3) {
          case 1: {
              if (wireType !== 2)
                break;
              message.jsonResult = reader.string();
              continue;
            }
          }
          reader.skipType(wireType, _depth, tag);
          if (!reader.discardUnknown) {
            $util.makeProp(message, "$unknowns", false);
            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
          }
        }
        if (length !== $undefined) {
          if (reader.pos !== end)
            throw $RangeError("index out of range");
          reader.len = length;
        }
        if (_end !== $undefined)
          throw $Error("missing end group");
        return message;
      };
      return Success;
    })();
    return InvokeFunctionResponse;
  })();
  iterm2.NotificationResponse = (function() {
    const NotificationResponse = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    NotificationResponse.prototype.status = 0;
    NotificationResponse.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.NotificationResponse();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.status = reader.int32();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return NotificationResponse;
  })();
  iterm2.ScreenUpdateNotification = (function() {
    const ScreenUpdateNotification = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    ScreenUpdateNotification.prototype.session = "";
    ScreenUpdateNotification.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.ScreenUpdateNotification();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.session = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return ScreenUpdateNotification;
  })();
  iterm2.NewSessionNotification = (function() {
    const NewSessionNotification = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    NewSessionNotification.prototype.sessionId = "";
    NewSessionNotification.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.NewSessionNotification();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.sessionId = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return NewSessionNotification;
  })();
  iterm2.TerminateSessionNotification = (function() {
    const TerminateSessionNotification = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    TerminateSessionNotification.prototype.sessionId = "";
    TerminateSessionNotification.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.TerminateSessionNotification();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.sessionId = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return TerminateSessionNotification;
  })();
  iterm2.LayoutChangedNotification = (function() {
    const LayoutChangedNotification = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    LayoutChangedNotification.prototype.listSessionsResponse = null;
    LayoutChangedNotification.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.LayoutChangedNotification();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 2)
              break;
            message.listSessionsResponse = $root.iterm2.ListSessionsResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.listSessionsResponse);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return LayoutChangedNotification;
  })();
  iterm2.FocusChangedNotification = (function() {
    const FocusChangedNotification = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    FocusChangedNotification.prototype.applicationActive = false;
    FocusChangedNotification.prototype.window = null;
    FocusChangedNotification.prototype.selectedTab = "";
    FocusChangedNotification.prototype.session = "";
    FocusChangedNotification.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.FocusChangedNotification();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.applicationActive = reader.bool();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.window = $root.iterm2.FocusChangedNotification.Window.decode(reader, reader.size(), $undefined, _depth + 1, message.window);
            continue;
          }
        case 3: {
            if (wireType !== 2)
              break;
            message.selectedTab = reader.string();
            continue;
          }
        case 4: {
            if (wireType !== 2)
              break;
            message.session = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    FocusChangedNotification.Window = (function() {
      const Window = function (properties) {
        if (properties)
          for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
            if (properties[keys[i]] != null && keys[i] !== "__proto__")
              this[keys[i]] = properties[keys[i]];
      };
      Window.prototype.windowStatus = 0;
      Window.prototype.windowId = "";
      Window.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
          reader = $Reader.create(reader);
        if (_depth === $undefined)
          _depth = 0;
        if (_depth > $Reader.recursionLimit)
          throw $Error("max depth exceeded");
        let end, message;
        if (length === $undefined)
          end = reader.len;
        else {
          end = reader.pos + length;
          if (end > reader.len)
            throw $RangeError("index out of range");
          length = reader.len;
          reader.len = end;
        }
        message = _target || new $root.iterm2.FocusChangedNotification.Window();
        while (reader.pos < end) {
          let start = reader.pos;
          let tag = reader.tag();
          if (tag === _end) {
            _end = $undefined;
            break;
          }
          let wireType = tag & 7;
          switch (tag >>>= 3) {
          case 1: {
              if (wireType !== 0)
                break;
              message.windowStatus = reader.int32();
              continue;
            }
          case 2: {
              if (wireType !== 2)
                break;
              message.windowId = reader.string();
              continue;
            }
          }
          reader.skipType(wireType, _depth, tag);
          if (!reader.discardUnknown) {
            $util.makeProp(message, "$unknowns", false);
            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
          }
        }
        if (length !== $undefined) {
          if (reader.pos !== end)
            throw $RangeError("index out of range");
          reader.len = length;
        }
        if (_end !== $undefined)
          throw $Error("missing end group");
        return message;
      };
      return Window;
    })();
    return FocusChangedNotification;
  })();
  iterm2.VariableChangedNotification = (function() {
    const VariableChangedNotification = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    VariableChangedNotification.prototype.scope = 0;
    VariableChangedNotification.prototype.identifier = "";
    VariableChangedNotification.prototype.name = "";
    VariableChangedNotification.prototype.jsonNewValue = "";
    VariableChangedNotification.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.VariableChangedNotification();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 1: {
            if (wireType !== 0)
              break;
            message.scope = reader.int32();
            continue;
          }
        case 2: {
            if (wireType !== 2)
              break;
            message.identifier = reader.string();
            continue;
          }
        case 3: {
            if (wireType !== 2)
              break;
            message.name = reader.string();
            continue;
          }
        case 4: {
            if (wireType !== 2)
              break;
            message.jsonNewValue = reader.string();
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return VariableChangedNotification;
  })();
  iterm2.Notification = (function() {
    const Notification = function (properties) {
      if (properties)
        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
          if (properties[keys[i]] != null && keys[i] !== "__proto__")
            this[keys[i]] = properties[keys[i]];
    };
    Notification.prototype.screenUpdateNotification = null;
    Notification.prototype.newSessionNotification = null;
    Notification.prototype.terminateSessionNotification = null;
    Notification.prototype.layoutChangedNotification = null;
    Notification.prototype.focusChangedNotification = null;
    Notification.prototype.variableChangedNotification = null;
    Notification.decode = function (reader, length, _end, _depth, _target) {
      if (!(reader instanceof $Reader))
        reader = $Reader.create(reader);
      if (_depth === $undefined)
        _depth = 0;
      if (_depth > $Reader.recursionLimit)
        throw $Error("max depth exceeded");
      let end, message;
      if (length === $undefined)
        end = reader.len;
      else {
        end = reader.pos + length;
        if (end > reader.len)
          throw $RangeError("index out of range");
        length = reader.len;
        reader.len = end;
      }
      message = _target || new $root.iterm2.Notification();
      while (reader.pos < end) {
        let start = reader.pos;
        let tag = reader.tag();
        if (tag === _end) {
          _end = $undefined;
          break;
        }
        let wireType = tag & 7;
        switch (tag >>>= 3) {
        case 2: {
            if (wireType !== 2)
              break;
            message.screenUpdateNotification = $root.iterm2.ScreenUpdateNotification.decode(reader, reader.size(), $undefined, _depth + 1, message.screenUpdateNotification);
            continue;
          }
        case 6: {
            if (wireType !== 2)
              break;
            message.newSessionNotification = $root.iterm2.NewSessionNotification.decode(reader, reader.size(), $undefined, _depth + 1, message.newSessionNotification);
            continue;
          }
        case 7: {
            if (wireType !== 2)
              break;
            message.terminateSessionNotification = $root.iterm2.TerminateSessionNotification.decode(reader, reader.size(), $undefined, _depth + 1, message.terminateSessionNotification);
            continue;
          }
        case 8: {
            if (wireType !== 2)
              break;
            message.layoutChangedNotification = $root.iterm2.LayoutChangedNotification.decode(reader, reader.size(), $undefined, _depth + 1, message.layoutChangedNotification);
            continue;
          }
        case 9: {
            if (wireType !== 2)
              break;
            message.focusChangedNotification = $root.iterm2.FocusChangedNotification.decode(reader, reader.size(), $undefined, _depth + 1, message.focusChangedNotification);
            continue;
          }
        case 12: {
            if (wireType !== 2)
              break;
            message.variableChangedNotification = $root.iterm2.VariableChangedNotification.decode(reader, reader.size(), $undefined, _depth + 1, message.variableChangedNotification);
            continue;
          }
        }
        reader.skipType(wireType, _depth, tag);
        if (!reader.discardUnknown) {
          $util.makeProp(message, "$unknowns", false);
          (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
        }
      }
      if (length !== $undefined) {
        if (reader.pos !== end)
          throw $RangeError("index out of range");
        reader.len = length;
      }
      if (_end !== $undefined)
        throw $Error("missing end group");
      return message;
    };
    return Notification;
  })();
  return iterm2;
})();
export {
  $root as default
};
