using System;

namespace Yidu.ImSdk
{
    /// <summary>
    /// What went wrong where nobody could be told by a return value: an exception that a handler threw, or a value in
    /// an answer that did not fit its field. Neither stops the library or the handlers after it.
    /// </summary>
    public static class CallbackErrors
    {
        /// <summary>
        /// Raised for each error, on the thread where it happened. While nobody listens, errors go to Unity's console
        /// (outside Unity to standard error).
        /// </summary>
        public static event Action<Exception> Raised;

        internal static void Report(Exception exception)
        {
            var raised = Raised;
            if (raised == null)
            {
                Log(exception);
                return;
            }
            try
            {
                raised(exception);
            }
            catch (Exception second)
            {
                Log(exception);
                Log(second);
            }
        }

        private static void Log(Exception exception)
        {
#if UNITY_5_3_OR_NEWER
            UnityEngine.Debug.LogException(exception);
#else
            Console.Error.WriteLine(exception);
#endif
        }
    }
}
