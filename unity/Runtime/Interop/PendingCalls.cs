using System;
using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;
using Newtonsoft.Json;

namespace Yidu.ImSdk
{
    /// <summary>
    /// Calls that have not been answered. Each has a number of its own, which travels through the library as its
    /// user_data (never looked at there), so that any number of calls of the same kind may be under way.
    /// </summary>
    internal static class PendingCalls
    {
        private sealed class Pending
        {
            internal string Method;
            internal object Answer;
        }

        private static readonly object Gate = new object();
        private static readonly Dictionary<int, Pending> Waiting = new Dictionary<int, Pending>();
        private static int last;

        /// <summary>How many calls wait for their answer.</summary>
        internal static int Count
        {
            get
            {
                lock (Gate)
                {
                    return Waiting.Count;
                }
            }
        }

        /// <summary>
        /// Makes a call. When it is refused, or answers nothing else than its return value, nothing stays behind.
        /// </summary>
        internal static TIMResult Start(string method, Reply reply, Func<Arguments, NativeReply, IntPtr, int> call)
        {
            var callback = reply == null ? null : NativeCallbacks.Reply;
            return StartAny(method, reply, (arguments, token) => call(arguments, callback, token));
        }

        /// <summary>As <see cref="Start"/>, for the call that is answered by a page of members.</summary>
        internal static TIMResult StartPage(
            string method, MemberPageReply reply, Func<Arguments, NativeMemberPage, IntPtr, int> call)
        {
            var callback = reply == null ? null : NativeCallbacks.MemberPage;
            return StartAny(method, reply, (arguments, token) => call(arguments, callback, token));
        }

        /// <summary>Hands the answer to whoever made the call; a second answer to the same call goes nowhere.</summary>
        internal static void Finish<TAnswer>(IntPtr token, Action<TAnswer, string> finish) where TAnswer : class
        {
            var pending = Take(token.ToInt32());
            var answer = pending == null ? null : pending.Answer as TAnswer;
            if (answer != null)
            {
                finish(answer, pending.Method + "_" + token.ToInt32());
            }
        }

        private static TIMResult StartAny(string method, object answer, Func<Arguments, IntPtr, int> call)
        {
            var token = answer == null ? 0 : Add(method, answer);
            var result = TIMResult.TIM_ERR_PARAM;
            try
            {
                using (var arguments = new Arguments())
                {
                    result = (TIMResult)call(arguments, new IntPtr(token));
                }
            }
            catch (ArgumentException exception)
            {
                CallbackErrors.Report(new ArgumentException(method + ": " + exception.Message));
            }
            catch (JsonException exception)
            {
                result = TIMResult.TIM_ERR_JSON;
                CallbackErrors.Report(new ArgumentException(method + ": " + exception.Message));
            }
            finally
            {
                if (token != 0 && result != TIMResult.TIM_SUCC)
                {
                    Take(token);
                }
            }
            return result;
        }

        private static int Add(string method, object answer)
        {
            lock (Gate)
            {
                do
                {
                    last = unchecked(last + 1);
                }
                while (last == 0 || Waiting.ContainsKey(last));
                Waiting.Add(last, new Pending { Method = method, Answer = answer });
                return last;
            }
        }

        private static Pending Take(int token)
        {
            lock (Gate)
            {
                Pending pending;
                if (Waiting.TryGetValue(token, out pending))
                {
                    Waiting.Remove(token);
                }
                return pending;
            }
        }
    }
}
