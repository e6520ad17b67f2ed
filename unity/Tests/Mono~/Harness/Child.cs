using System;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Text;

namespace Yidu.ImSdk.Tests
{
    /// <summary>Other programs of the tests: this one again, the samples, and yidu.</summary>
    internal static class Child
    {
        private static readonly string Here = Assembly.GetExecutingAssembly().Location;

        /// <summary>This program with other arguments; its output goes where ours goes.</summary>
        internal static Process Start(params string[] arguments)
        {
            return Process.Start(new ProcessStartInfo("mono", Line(Here, arguments)) { UseShellExecute = false });
        }

        /// <summary>This program with other arguments, to talk to.</summary>
        internal static Process Talk(params string[] arguments)
        {
            return Process.Start(new ProcessStartInfo("mono", Line(Here, arguments))
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            });
        }

        /// <summary>A sample program, to read from.</summary>
        internal static Process Sample(string name, params string[] arguments)
        {
            var program = Path.Combine(Path.GetDirectoryName(Here), name + ".exe");
            return Process.Start(new ProcessStartInfo("mono", Line(program, arguments))
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8,
            });
        }

        /// <summary>A UserSig, made by the yidu command with the app's key.</summary>
        internal static string UserSig(string user)
        {
            var arguments = new[] { user, "--app", Setting("YIDU_TEST_APP"), "--key-file", Setting("YIDU_TEST_KEY") };
            var info = new ProcessStartInfo(Setting("YIDU_TEST_COMMAND"), Line("usersig", arguments))
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            using (var yidu = Process.Start(info))
            {
                var sig = yidu.StandardOutput.ReadToEnd().Trim();
                yidu.WaitForExit();
                return sig;
            }
        }

        internal static string Setting(string name)
        {
            var value = Environment.GetEnvironmentVariable(name);
            if (string.IsNullOrEmpty(value))
            {
                throw new InvalidOperationException(name + " is not set; start the tests as `cargo xtask unity`");
            }
            return value;
        }

        private static string Line(string first, string[] arguments)
        {
            var line = "\"" + first + "\"";
            foreach (var argument in arguments)
            {
                line += " \"" + argument.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
            }
            return line;
        }
    }
}
