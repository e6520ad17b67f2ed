using System;
using System.Collections.Generic;

namespace Yidu.ImSdk
{
    internal interface IListener
    {
        /// <summary>The user_data under which the library knows it; never zero.</summary>
        IntPtr Number { set; }

        void Clear();
    }

    internal interface ITextListener
    {
        void Arrive(string json);
    }

    internal interface INumberedTextListener
    {
        void Arrive(int number, string text);
    }

    /// <summary>
    /// The handlers of one event. The library hears of it with the first one, and again when the last one is gone.
    /// </summary>
    /// <remarks>
    /// A handler that is removed on the thread on which handlers run is not called any more, even for what has
    /// already been posted.
    /// </remarks>
    internal class Listener<THandler> : IListener where THandler : class
    {
        private static readonly THandler[] Nobody = new THandler[0];

        private readonly object gate = new object();
        private readonly Action<IntPtr> register;
        private readonly Action unregister;
        private volatile THandler[] handlers = Nobody;

        internal Listener(string name, Action<IntPtr> register, Action unregister)
        {
            Name = name;
            this.register = register;
            this.unregister = unregister;
        }

        /// <summary>What handlers get as their user_data.</summary>
        internal string Name { get; private set; }

        public IntPtr Number { private get; set; }

        /// <summary>Replaces all handlers; with none, removes them.</summary>
        internal void Set(params THandler[] wanted)
        {
            Change(current => Array.FindAll(wanted, handler => handler != null));
        }

        /// <summary>Adds handlers to those that are there; one that is there already stays there once.</summary>
        internal void Add(params THandler[] wanted)
        {
            Change(current =>
            {
                var all = new List<THandler>(current);
                foreach (var handler in wanted)
                {
                    if (handler != null && !all.Contains(handler))
                    {
                        all.Add(handler);
                    }
                }
                return all.ToArray();
            });
        }

        internal void Remove(params THandler[] unwanted)
        {
            Change(current => Array.FindAll(current, handler => Array.IndexOf(unwanted, handler) < 0));
        }

        public void Clear()
        {
            Change(current => Nobody);
        }

        /// <summary>The handlers of this moment.</summary>
        protected THandler[] Handlers
        {
            get { return handlers; }
        }

        /// <summary>Calls every handler that is still there when its turn comes.</summary>
        internal void Arrive(Action<THandler> call)
        {
            Arrive(handlers, call);
        }

        protected void Arrive(THandler[] wanted, Action<THandler> call)
        {
            foreach (var expected in wanted)
            {
                var handler = expected;
                MainThread.Run(() =>
                {
                    if (Array.IndexOf(handlers, handler) >= 0)
                    {
                        call(handler);
                    }
                });
            }
        }

        private void Change(Func<THandler[], THandler[]> change)
        {
            lock (gate)
            {
                var before = handlers;
                var after = change(before);
                handlers = after;
                if (before.Length == 0 && after.Length > 0)
                {
                    register(Number);
                }
                else if (before.Length > 0 && after.Length == 0)
                {
                    unregister();
                }
            }
        }
    }

    /// <summary>
    /// A handler of an event with a text, as the app gave it. Two of them are the same when the app's delegates are.
    /// </summary>
    internal sealed class TextHandler<T> where T : class
    {
        private readonly Delegate given;
        private readonly Action<int, T, string, string> call;

        private TextHandler(Delegate given, bool decodes, Action<int, T, string, string> call)
        {
            this.given = given;
            Decodes = decodes;
            this.call = call;
        }

        /// <summary>Whether it wants the decoded value.</summary>
        internal bool Decodes { get; private set; }

        internal static TextHandler<T> Typed(Delegate given, Action<int, T, string> call)
        {
            return given == null
                ? null
                : new TextHandler<T>(given, true, (number, value, text, name) => call(number, value, name));
        }

        internal static TextHandler<T> Raw(Delegate given, Action<int, string, string> call)
        {
            return given == null
                ? null
                : new TextHandler<T>(given, false, (number, value, text, name) => call(number, text, name));
        }

        internal void Call(int number, T value, string text, string name)
        {
            call(number, value, text, name);
        }

        public override bool Equals(object other)
        {
            var handler = other as TextHandler<T>;
            return handler != null && given.Equals(handler.given);
        }

        public override int GetHashCode()
        {
            return given.GetHashCode();
        }
    }

    /// <summary>An event with a number and a text.</summary>
    internal class NumberedTextListener<T> : Listener<TextHandler<T>>, INumberedTextListener where T : class
    {
        internal NumberedTextListener(string name, Action<IntPtr> register, Action unregister)
            : base(name, register, unregister)
        {
        }

        public void Arrive(int number, string text)
        {
            // Decoded here, on the library's thread, and only when somebody wants it.
            var wanted = Handlers;
            var value = Array.Exists(wanted, handler => handler.Decodes) ? Json.Read<T>(text, Name) : null;
            Arrive(wanted, handler => handler.Call(number, value, text, Name));
        }
    }

    /// <summary>An event with a text.</summary>
    internal sealed class TextListener<T> : NumberedTextListener<T>, ITextListener where T : class
    {
        internal TextListener(string name, Action<IntPtr> register, Action unregister)
            : base(name, register, unregister)
        {
        }

        public void Arrive(string json)
        {
            Arrive(0, json);
        }
    }

    /// <summary>An event without anything.</summary>
    internal sealed class SignalListener : Listener<Action<string>>
    {
        internal SignalListener(string name, Action<IntPtr> register, Action unregister)
            : base(name, register, unregister)
        {
        }

        internal void Arrive()
        {
            Arrive(handler => handler(Name));
        }
    }
}
