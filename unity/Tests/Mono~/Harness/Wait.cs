using System;
using System.Diagnostics;
using System.Threading;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>Waiting for what the SDK tells: by the pump where this thread has one, otherwise for other threads.</summary>
    internal static class Wait
    {
        private const int MostSeconds = 60;
        private const int LookAgainMilliseconds = 50;
        private static readonly object Bell = new object();

        /// <summary>Says that something has happened that somebody may be waiting for.</summary>
        internal static void Ring()
        {
            lock (Bell)
            {
                Monitor.PulseAll(Bell);
            }
        }

        internal static void Until(string what, Func<bool> holds)
        {
            var watch = Stopwatch.StartNew();
            while (!holds())
            {
                if (watch.Elapsed.TotalSeconds > MostSeconds)
                {
                    throw new AssertionException("waited " + MostSeconds + " s for: " + what);
                }
                Once();
            }
        }

        private static void Once()
        {
            if (Pump.Mine != null)
            {
                Pump.Mine.RunOne(LookAgainMilliseconds);
                return;
            }
            lock (Bell)
            {
                Monitor.Wait(Bell, LookAgainMilliseconds);
            }
        }
    }
}
