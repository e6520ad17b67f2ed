using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>
    /// Runs the tests under Mono: every fixture's tests in a process of its own, since a process has one SDK.
    /// </summary>
    /// <remarks>
    /// <c>tests.exe</c> runs all, <c>tests.exe run Fixture.Test</c> one in this process, <c>tests.exe peer</c> is
    /// another user's device (<see cref="Peer"/>), <c>tests.exe actor</c> a person of a scenario (<see cref="Actor"/>), <c>tests.exe act Name</c> is the child of a story about how processes
    /// end. Tests of Unity's test runner (Tests/Runtime) run here too: the attributes are NUnit's.
    /// </remarks>
    internal static class Program
    {
        private const int MostSeconds = 240;

        private static int Main(string[] arguments)
        {
            switch (arguments.FirstOrDefault())
            {
                case "run":
                    return RunOne(arguments[1]);
                case "peer":
                    return Peer.Serve();
                case "actor":
                    return Actor.Play();
                case "act":
                    return Acts.Run(arguments[1]);
                default:
                    return RunAll(arguments);
            }
        }

        private static int RunAll(string[] wanted)
        {
            var failed = new List<string>();
            var names = Tests().Select(test => test.Key)
                .Where(name => wanted.Length == 0 || wanted.Any(part => name.Contains(part))).ToList();
            foreach (var name in names)
            {
                var watch = Stopwatch.StartNew();
                var passed = RunChild(name);
                Console.WriteLine("{0} {1} in {2:0.0} s", passed ? "ok    " : "FAILED", name, watch.Elapsed.TotalSeconds);
                if (!passed)
                {
                    failed.Add(name);
                }
            }
            Console.WriteLine("{0} tests, {1} failed{2}", names.Count, failed.Count,
                failed.Count == 0 ? "" : ": " + string.Join(", ", failed));
            return failed.Count == 0 && names.Count > 0 ? 0 : 1;
        }

        private static bool RunChild(string name)
        {
            using (var child = Child.Start("run", name))
            {
                if (child.WaitForExit(MostSeconds * 1000))
                {
                    return child.ExitCode == 0;
                }
                Console.WriteLine("{0} has not ended within {1} s", name, MostSeconds);
                child.Kill();
                return false;
            }
        }

        private static int RunOne(string name)
        {
            var test = Tests().First(candidate => candidate.Key == name);
            try
            {
                test.Value();
                return 0;
            }
            catch (Exception exception)
            {
                var reason = exception is TargetInvocationException ? exception.InnerException : exception;
                Console.WriteLine("{0}: {1}\n{2}", name, reason.Message, reason.StackTrace);
                return 1;
            }
            finally
            {
                com.tencent.imsdk.unity.TencentIMSDK.Uninit();
            }
        }

        private static IEnumerable<KeyValuePair<string, Action>> Tests()
        {
            foreach (var type in Assembly.GetExecutingAssembly().GetTypes().OrderBy(type => type.Name))
            {
                foreach (var method in type.GetMethods().OrderBy(method => method.MetadataToken))
                {
                    var cases = method.GetCustomAttributes(typeof(TestCaseAttribute), false);
                    if (cases.Length == 0 && method.IsDefined(typeof(TestAttribute), false))
                    {
                        yield return Test(type, method, type.Name + "." + method.Name, null);
                    }
                    for (var index = 0; index < cases.Length; index++)
                    {
                        var arguments = ((TestCaseAttribute)cases[index]).Arguments;
                        yield return Test(type, method, type.Name + "." + method.Name + "#" + (index + 1), arguments);
                    }
                }
            }
        }

        private static KeyValuePair<string, Action> Test(Type type, MethodInfo method, string name, object[] arguments)
        {
            return new KeyValuePair<string, Action>(name, () =>
            {
                var fixture = Activator.CreateInstance(type);
                Each<SetUpAttribute>(type, fixture);
                try
                {
                    method.Invoke(fixture, arguments);
                }
                finally
                {
                    Each<TearDownAttribute>(type, fixture);
                }
            });
        }

        private static void Each<TAttribute>(Type type, object fixture)
        {
            foreach (var method in type.GetMethods().Where(method => method.IsDefined(typeof(TAttribute), false)))
            {
                method.Invoke(fixture, null);
            }
        }
    }
}
