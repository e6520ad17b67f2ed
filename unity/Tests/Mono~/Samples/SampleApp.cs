using System;
using System.Collections.Generic;
using System.Threading;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk.Samples
{
    /// <summary>
    /// What every sample needs around its one point: logging in, and a main loop in the place of Unity's. The server's
    /// address comes from YIDU_SERVER_URL.
    /// </summary>
    internal static class SampleApp
    {
        private static readonly Queue<Action> Posted = new Queue<Action>();
        private static int? exitCode;

        private sealed class MainLoop : SynchronizationContext
        {
            public override void Post(SendOrPostCallback callback, object state)
            {
                lock (Posted)
                {
                    Posted.Enqueue(() => callback(state));
                    Monitor.Pulse(Posted);
                }
            }
        }

        /// <summary>Logs in and runs <paramref name="sample"/> on the main thread, until it ends with <see cref="End"/>.</summary>
        internal static int Run(long appId, string userId, string userSig, Action sample)
        {
            Console.OutputEncoding = new System.Text.UTF8Encoding(false);
            SynchronizationContext.SetSynchronizationContext(new MainLoop());
            TencentIMSDK.Init(appId, new SdkConfig());
            TencentIMSDK.Login(userId, userSig, (int code, string desc, string user_data) =>
            {
                if (Succeeded("Login", code, desc))
                {
                    sample();
                }
            });
            while (exitCode == null)
            {
                Next()();
            }
            TencentIMSDK.Uninit();
            return exitCode.Value;
        }

        /// <summary>Ends the program, with what there is to say.</summary>
        internal static void End(string line)
        {
            Console.WriteLine(line);
            exitCode = exitCode ?? 0;
        }

        /// <summary>Whether a call was accepted; ends the program when not.</summary>
        internal static void Accepted(string call, TIMResult result)
        {
            if (result != TIMResult.TIM_SUCC)
            {
                Console.WriteLine(call + ": " + result);
                exitCode = 1;
            }
        }

        /// <summary>Whether a call has succeeded; ends the program when not.</summary>
        internal static bool Succeeded(string call, int code, string desc)
        {
            if (code != 0)
            {
                Console.WriteLine(call + ": " + code + " " + desc);
                exitCode = 1;
            }
            return code == 0;
        }

        private static Action Next()
        {
            lock (Posted)
            {
                while (Posted.Count == 0)
                {
                    Monitor.Wait(Posted);
                }
                return Posted.Dequeue();
            }
        }
    }
}
