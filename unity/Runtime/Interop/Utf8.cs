using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Yidu.ImSdk
{
    /// <summary>Text to and from the library: NUL-terminated UTF-8 on every platform.</summary>
    internal static class Utf8
    {
        /// <summary>Copies <paramref name="text"/> into memory of its own; <c>null</c> gives NULL.</summary>
        /// <exception cref="ArgumentException">The text holds a NUL, which would cut it short.</exception>
        internal static IntPtr Allocate(string text)
        {
            if (text == null)
            {
                return IntPtr.Zero;
            }
            if (text.IndexOf('\0') >= 0)
            {
                throw new ArgumentException("the text holds a NUL character, which would cut it short");
            }
            var bytes = Encoding.UTF8.GetBytes(text);
            var pointer = Marshal.AllocHGlobal(bytes.Length + 1);
            Marshal.Copy(bytes, 0, pointer, bytes.Length);
            Marshal.WriteByte(pointer, bytes.Length, 0);
            return pointer;
        }

        /// <summary>Copies the text at <paramref name="pointer"/>; NULL gives "".</summary>
        internal static unsafe string Read(IntPtr pointer)
        {
            if (pointer == IntPtr.Zero)
            {
                return "";
            }
            var start = (byte*)pointer;
            var end = start;
            while (*end != 0)
            {
                end++;
            }
            return Encoding.UTF8.GetString(start, (int)(end - start));
        }
    }
}
