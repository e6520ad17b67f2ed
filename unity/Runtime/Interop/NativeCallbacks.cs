using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Yidu.ImSdk
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NativeReply(int code, IntPtr desc, IntPtr json, IntPtr userData);

    /// <summary>C passes one byte for <c>isFinished</c>; reading four would see what lies beside it.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NativeMemberPage(IntPtr members, ulong nextSeq, byte isFinished, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NativeText(IntPtr json, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NativeNumberedText(int number, IntPtr text, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NativeNumber(int number, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NativeNetwork(int status, int code, IntPtr desc, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NativeSignal(IntPtr userData);

    /// <summary>IL2CPP looks for an attribute of this name, wherever it is declared.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class MonoPInvokeCallbackAttribute : Attribute
    {
        public MonoPInvokeCallbackAttribute(Type type)
        {
            Type = type;
        }

        public Type Type { get; private set; }
    }

    /// <summary>
    /// What the native library calls, on its own thread. Static, so that the function pointers stay valid and equal.
    /// </summary>
    /// <remarks>
    /// The pointers live until the callback returns, so all that is needed is read here; handlers run through
    /// <see cref="MainThread"/>. Nothing may be thrown into the library.
    /// </remarks>
    internal static class NativeCallbacks
    {
        internal static readonly NativeReply Reply = OnReply;
        internal static readonly NativeMemberPage MemberPage = OnMemberPage;
        internal static readonly NativeText Text = OnText;
        internal static readonly NativeNumberedText NumberedText = OnNumberedText;
        internal static readonly NativeNumber Number = OnNumber;
        internal static readonly NativeNetwork Network = OnNetwork;
        internal static readonly NativeSignal Signal = OnSignal;

        [MonoPInvokeCallback(typeof(NativeReply))]
        private static void OnReply(int code, IntPtr desc, IntPtr json, IntPtr userData)
        {
            Guard(() => PendingCalls.Finish<Reply>(
                userData, (reply, name) => reply.Arrive(code, Utf8.Read(desc), Utf8.Read(json), name)));
        }

        [MonoPInvokeCallback(typeof(NativeMemberPage))]
        private static void OnMemberPage(IntPtr members, ulong nextSeq, byte isFinished, IntPtr userData)
        {
            Guard(() => PendingCalls.Finish<MemberPageReply>(
                userData, (reply, name) => reply.Arrive(Utf8.Read(members), nextSeq, isFinished != 0, name)));
        }

        [MonoPInvokeCallback(typeof(NativeText))]
        private static void OnText(IntPtr json, IntPtr userData)
        {
            Guard(() => Listeners.OfText(userData).Arrive(Utf8.Read(json)));
        }

        [MonoPInvokeCallback(typeof(NativeNumberedText))]
        private static void OnNumberedText(int number, IntPtr text, IntPtr userData)
        {
            Guard(() => Listeners.OfNumberedText(userData).Arrive(number, Utf8.Read(text)));
        }

        [MonoPInvokeCallback(typeof(NativeNumber))]
        private static void OnNumber(int number, IntPtr userData)
        {
            Guard(() => Listeners.TotalUnread.Arrive(handler => handler(number, Listeners.TotalUnread.Name)));
        }

        [MonoPInvokeCallback(typeof(NativeNetwork))]
        private static void OnNetwork(int status, int code, IntPtr desc, IntPtr userData)
        {
            Guard(() =>
            {
                var text = Utf8.Read(desc);
                Listeners.Network.Arrive(handler => handler(
                    (com.tencent.imsdk.unity.enums.TIMNetworkStatus)status, code, text, Listeners.Network.Name));
            });
        }

        [MonoPInvokeCallback(typeof(NativeSignal))]
        private static void OnSignal(IntPtr userData)
        {
            Guard(() => Listeners.OfSignal(userData).Arrive());
        }

        private static void Guard(Action work)
        {
            try
            {
                // Mono waits at its end for every native thread that has called in, unless it counts as background.
                Thread.CurrentThread.IsBackground = true;
                work();
            }
            catch (Exception exception)
            {
                CallbackErrors.Report(exception);
            }
        }
    }
}
