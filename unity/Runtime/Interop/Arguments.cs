using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Yidu.ImSdk
{
    /// <summary>The texts and buffers of one call. The library copies what it keeps, so all is freed when it returns.</summary>
    internal sealed class Arguments : IDisposable
    {
        /// <summary>What the interface promises a caller's id buffers to hold at least, the NUL included.</summary>
        private const int IdBytes = 128;

        private readonly List<IntPtr> owned = new List<IntPtr>();

        internal IntPtr Text(string text)
        {
            return Own(Utf8.Allocate(text));
        }

        internal IntPtr Json(object value)
        {
            return Text(value == null ? null : ImSdk.Json.Write(value));
        }

        /// <summary>A buffer for an id, empty.</summary>
        internal IntPtr IdBuffer()
        {
            var buffer = Own(Marshal.AllocHGlobal(IdBytes));
            Marshal.WriteByte(buffer, 0);
            return buffer;
        }

        /// <summary>Replaces what <paramref name="target"/> holds by the id, whatever its capacity.</summary>
        internal static void CopyId(IntPtr buffer, StringBuilder target)
        {
            target.Length = 0;
            target.Append(Utf8.Read(buffer));
        }

        public void Dispose()
        {
            foreach (var pointer in owned)
            {
                Marshal.FreeHGlobal(pointer);
            }
            owned.Clear();
        }

        private IntPtr Own(IntPtr pointer)
        {
            if (pointer != IntPtr.Zero)
            {
                owned.Add(pointer);
            }
            return pointer;
        }
    }
}
