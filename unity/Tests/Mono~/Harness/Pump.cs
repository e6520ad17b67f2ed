using System;
using System.Collections.Generic;
using System.Threading;

namespace Yidu.ImSdk.Tests
{
    /// <summary>A main loop such as Unity's: what is posted to it runs when the thread that made it looks.</summary>
    internal sealed class Pump : SynchronizationContext
    {
        private readonly Queue<Action> queue = new Queue<Action>();
        private readonly Thread owner = Thread.CurrentThread;

        /// <summary>The pump of this thread, if it has one.</summary>
        internal static Pump Mine
        {
            get { return Current as Pump; }
        }

        /// <summary>Makes one for this thread.</summary>
        internal static Pump Install()
        {
            var pump = new Pump();
            SetSynchronizationContext(pump);
            return pump;
        }

        public override void Post(SendOrPostCallback callback, object state)
        {
            lock (queue)
            {
                queue.Enqueue(() => callback(state));
                Monitor.PulseAll(queue);
            }
        }

        /// <summary>Runs the next thing that was posted, waiting for one up to <paramref name="milliseconds"/>.</summary>
        internal void RunOne(int milliseconds)
        {
            if (Thread.CurrentThread != owner)
            {
                throw new InvalidOperationException("the pump belongs to another thread");
            }
            Action next = null;
            lock (queue)
            {
                if (queue.Count == 0)
                {
                    Monitor.Wait(queue, milliseconds);
                }
                if (queue.Count > 0)
                {
                    next = queue.Dequeue();
                }
            }
            if (next != null)
            {
                next();
            }
        }
    }
}
