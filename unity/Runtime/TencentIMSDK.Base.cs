using System;
using System.Text;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Yidu.ImSdk;

namespace com.tencent.imsdk.unity
{
    /// <summary>
    /// Messages and read receipts of a Yidu server.
    /// </summary>
    /// <remarks>
    /// <para>Every call answers at once whether it was accepted. When it was (<see cref="TIMResult.TIM_SUCC"/>), its
    /// callback comes exactly once, later; otherwise never. Callbacks and listeners run one after another on the thread
    /// that called <see cref="Init"/> when that has a SynchronizationContext (Unity's main thread has), otherwise on
    /// the library's own thread. What they throw is reported (<see cref="CallbackErrors"/>) and stops nothing.</para>
    /// <para>All methods may be called from any thread, also from inside callbacks. A call that needs a login answers
    /// <see cref="TIMResult.TIM_ERR_NOTLOGIN"/> without one, and before Init
    /// <see cref="TIMResult.TIM_ERR_SDKUNINIT"/>. A callback may be <c>null</c> where nobody needs the answer. The
    /// overloads with <c>ValueCallback&lt;string&gt;</c> hand the result over as JSON.</para>
    /// </remarks>
    public static partial class TencentIMSDK
    {
        /// <summary>
        /// Starts the SDK. Call it on the main thread, so that callbacks arrive there, and register listeners before
        /// <see cref="Login(string, string, NullValueCallback)"/>.
        /// </summary>
        /// <param name="sdk_app_id">The app's id on the server; positive.</param>
        /// <param name="json_sdk_config">May be <c>null</c>.</param>
        /// <param name="need_log">Accepted and without effect: arguments are never logged, since Login's hold the
        /// UserSig.</param>
        /// <returns>TIM_SUCC also when it runs for the same app already, which changes nothing; TIM_ERR_PARAM for an app
        /// id that is none, or when it runs for another app; TIM_ERR_JSON for a bad configuration.</returns>
        public static TIMResult Init(long sdk_app_id, SdkConfig json_sdk_config, bool? need_log = false)
        {
            if (sdk_app_id <= 0)
            {
                return TIMResult.TIM_ERR_PARAM;
            }
            MainThread.Capture();
            UnloadGuard.Install();
            return PendingCalls.Start("Init", null, (arguments, reply, token) =>
                NativeMethods.TIMInit((ulong)sdk_app_id, arguments.Json(json_sdk_config)));
        }

        /// <summary>
        /// Stops the SDK: removes all listeners and ends the connection. Calls that are under way answer with 7009.
        /// Call it before the process ends (Unity: OnApplicationQuit); <see cref="Init"/> may be called again.
        /// </summary>
        /// <returns>TIM_ERR_SDKUNINIT when it was not started; nothing happens then.</returns>
        public static TIMResult Uninit()
        {
            Listeners.RemoveAll();
            return (TIMResult)NativeMethods.TIMUninit();
        }

        /// <summary>The version of the native library. Works before <see cref="Init"/>.</summary>
        public static string GetSDKVersion()
        {
            return Utf8.Read(NativeMethods.TIMGetSDKVersion());
        }

        /// <summary>The server's time in seconds since 1970 (UTC); 0 before the first login.</summary>
        public static long GetServerTime()
        {
            return (long)NativeMethods.TIMGetServerTime();
        }

        /// <summary>Changes settings; they hold until Uninit. The answer is all of them as they are now.</summary>
        public static TIMResult SetConfig(SetConfig config, ValueCallback<SetConfig> callback)
        {
            return SetConfig(config, Reply.To(callback));
        }

        /// <summary>As the overload with SetConfig.</summary>
        public static TIMResult SetConfig(SetConfig config, ValueCallback<string> callback)
        {
            return SetConfig(config, Reply.To(callback));
        }

        private static TIMResult SetConfig(SetConfig config, Reply reply)
        {
            return PendingCalls.Start("SetConfig", reply, (arguments, native, token) =>
                NativeMethods.TIMSetConfig(arguments.Json(config), native, token));
        }

        /// <summary>
        /// Logs a user in. Errors: 70001 or 6206 the UserSig has expired, 70003/70005 it is damaged, 70009 it was made
        /// with another key, 70013/70014 it belongs to another user or app, 70020 no such app, 70107 no such account,
        /// 7501 logged in or a login is under way, 6208 the user was pushed out by another device meanwhile (the next
        /// login works), 6023 logged out before it was done, 6200 or 6012 the server cannot be reached.
        /// </summary>
        /// <param name="user_id">At most 32 bytes.</param>
        public static TIMResult Login(string user_id, string user_sig, NullValueCallback callback)
        {
            return Login(user_id, user_sig, Reply.To(callback));
        }

        /// <summary>As <see cref="Login(string, string, NullValueCallback)"/>.</summary>
        public static TIMResult Login(string user_id, string user_sig, ValueCallback<string> callback)
        {
            return Login(user_id, user_sig, Reply.To(callback));
        }

        private static TIMResult Login(string user_id, string user_sig, Reply reply)
        {
            return PendingCalls.Start("Login", reply, (arguments, native, token) =>
                NativeMethods.TIMLogin(arguments.Text(user_id), arguments.Text(user_sig), native, token));
        }

        /// <summary>Logs out. Error: 7502 a logout is under way.</summary>
        public static TIMResult Logout(NullValueCallback callback)
        {
            return Logout(Reply.To(callback));
        }

        /// <summary>As <see cref="Logout(NullValueCallback)"/>.</summary>
        public static TIMResult Logout(ValueCallback<string> callback)
        {
            return Logout(Reply.To(callback));
        }

        private static TIMResult Logout(Reply reply)
        {
            return PendingCalls.Start("Logout", reply, (arguments, native, token) =>
                NativeMethods.TIMLogout(native, token));
        }

        /// <summary>Puts the logged-in user's id into <paramref name="user_id"/>, "" when there is none.</summary>
        /// <param name="user_id">Any capacity will do. Must not be <c>null</c>: TIM_ERR_PARAM.</param>
        public static TIMResult GetLoginUserID(StringBuilder user_id)
        {
            if (user_id == null)
            {
                return TIMResult.TIM_ERR_PARAM;
            }
            return PendingCalls.Start("GetLoginUserID", null, (arguments, native, token) =>
            {
                var buffer = arguments.IdBuffer();
                var result = NativeMethods.TIMGetLoginUserID(buffer);
                Arguments.CopyId(buffer, user_id);
                return result;
            });
        }

        /// <summary>Where the login stands.</summary>
        public static TIMLoginStatus GetLoginStatus()
        {
            return (TIMLoginStatus)NativeMethods.TIMGetLoginStatus();
        }

        /// <summary>
        /// Operations outside the interface proper (<see cref="TIMInternalOperation"/>); set_custom_server_info names the
        /// server for the next login. What Yidu does not know answers 7013.
        /// </summary>
        public static TIMResult CallExperimentalAPI(
            ExperimentalAPIRequestParam json_param, ValueCallback<ResponseInfo> callback)
        {
            return CallExperimentalAPI(json_param, Reply.To(callback));
        }

        /// <summary>As the overload with <see cref="ResponseInfo"/>.</summary>
        public static TIMResult CallExperimentalAPI(
            ExperimentalAPIRequestParam json_param, ValueCallback<string> callback)
        {
            return CallExperimentalAPI(json_param, Reply.To(callback));
        }

        private static TIMResult CallExperimentalAPI(ExperimentalAPIRequestParam json_param, Reply reply)
        {
            return PendingCalls.Start("CallExperimentalAPI", reply, (arguments, native, token) =>
                NativeMethods.callExperimentalAPI(arguments.Json(json_param), native, token));
        }

        /// <summary>
        /// Stops the library when the app has forgotten to: at the end of the process, which would wait for the
        /// library's threads, and when the Unity editor throws a play session's code away, into which the library must
        /// not call afterwards.
        /// </summary>
        private static class UnloadGuard
        {
            static UnloadGuard()
            {
                AppDomain.CurrentDomain.DomainUnload += (sender, unload) => Uninit();
                AppDomain.CurrentDomain.ProcessExit += (sender, exit) => Uninit();
            }

            internal static void Install()
            {
            }
        }
    }
}
