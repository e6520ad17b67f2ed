using System.Collections.Generic;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk
{
    /// <summary>
    /// Where the answer of a call goes. It is decoded on the library's thread, so that long lists cost the main thread
    /// nothing, and handed over through <see cref="MainThread"/>.
    /// </summary>
    internal abstract class Reply
    {
        internal static Reply To(NullValueCallback callback)
        {
            return callback == null ? null : new NoResult(callback);
        }

        internal static Reply To(ValueCallback<string> callback)
        {
            return callback == null ? null : new Text(callback);
        }

        internal static Reply To<T>(ValueCallback<T> callback) where T : class
        {
            return callback == null ? null : new Decoded<T>(callback);
        }

        internal abstract void Arrive(int code, string desc, string json, string userData);

        private sealed class NoResult : Reply
        {
            private readonly NullValueCallback callback;

            internal NoResult(NullValueCallback callback)
            {
                this.callback = callback;
            }

            internal override void Arrive(int code, string desc, string json, string userData)
            {
                MainThread.Run(() => callback(code, desc, userData));
            }
        }

        private sealed class Text : Reply
        {
            private readonly ValueCallback<string> callback;

            internal Text(ValueCallback<string> callback)
            {
                this.callback = callback;
            }

            internal override void Arrive(int code, string desc, string json, string userData)
            {
                MainThread.Run(() => callback(code, desc, json, userData));
            }
        }

        private sealed class Decoded<T> : Reply where T : class
        {
            private readonly ValueCallback<T> callback;

            internal Decoded(ValueCallback<T> callback)
            {
                this.callback = callback;
            }

            internal override void Arrive(int code, string desc, string json, string userData)
            {
                var value = Json.Read<T>(json, userData);
                MainThread.Run(() => callback(code, desc, value, userData));
            }
        }
    }

    /// <summary>Where a page of a member list goes.</summary>
    internal sealed class MemberPageReply
    {
        private readonly MsgGroupMessageReadMemberListCallback callback;
        private readonly MsgGroupMessageReadMemberListStringCallback stringCallback;

        private MemberPageReply(
            MsgGroupMessageReadMemberListCallback callback, MsgGroupMessageReadMemberListStringCallback stringCallback)
        {
            this.callback = callback;
            this.stringCallback = stringCallback;
        }

        internal static MemberPageReply To(
            MsgGroupMessageReadMemberListCallback callback, MsgGroupMessageReadMemberListStringCallback stringCallback)
        {
            var nobody = callback == null && stringCallback == null;
            return nobody ? null : new MemberPageReply(callback, stringCallback);
        }

        internal void Arrive(string json, ulong nextSeq, bool isFinished, string userData)
        {
            if (callback != null)
            {
                var members = Json.Read<List<GroupMemberInfo>>(json, userData) ?? new List<GroupMemberInfo>();
                MainThread.Run(() => callback(members, nextSeq, isFinished, userData));
            }
            if (stringCallback != null)
            {
                MainThread.Run(() => stringCallback(json, nextSeq, isFinished, userData));
            }
        }
    }
}
