using System;
using System.Threading;

namespace Yidu.ImSdk
{
    /// <summary>
    /// Runs handlers where the app wants them: posted to the SynchronizationContext of the thread that called Init
    /// (in Unity the main thread), or, where that thread had none, at once on the library's thread.
    /// </summary>
    /// <remarks>Handlers run one after another in the order of what happened. What they throw is reported.</remarks>
    internal static class MainThread
    {
        // Calls before Init may have an answer too.
        private static volatile SynchronizationContext context = SynchronizationContext.Current;

        internal static void Capture()
        {
            context = SynchronizationContext.Current;
        }

        internal static void Run(Action handler)
        {
            var target = context;
            if (target == null)
            {
                Guarded(handler);
            }
            else
            {
                target.Post(Guarded, handler);
            }
        }

        private static void Guarded(object handler)
        {
            try
            {
                ((Action)handler)();
            }
            catch (Exception exception)
            {
                CallbackErrors.Report(exception);
            }
        }
    }
}
