using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>Nothing is missing: every symbol is there, every method can be called with anything.</summary>
    public class WholeInterface
    {
        [Test]
        public void IsExportedByTheLibrary()
        {
            var imports = typeof(NativeMethods)
                .GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
                .Where(method => (method.Attributes & MethodAttributes.PinvokeImpl) != 0).ToList();
            Assert.Greater(imports.Count, 50);
            foreach (var import in imports)
            {
                Assert.DoesNotThrow(() => Marshal.Prelink(import), import.Name);
            }
        }

        [Test]
        public void AnswersBeforeInitThatItIsNotStarted()
        {
            foreach (var method in Methods().Where(method => method.ReturnType == typeof(TIMResult)
                && method.Name != "Init"))
            {
                var result = (TIMResult)method.Invoke(null, Plausible(method));
                Assert.AreEqual(TIMResult.TIM_ERR_SDKUNINIT, result, method.ToString());
            }
            Assert.AreEqual(TIMLoginStatus.kTIMLoginStatus_UnLogined, TencentIMSDK.GetLoginStatus());
            StringAssert.IsMatch(@"^\d+\.\d+", TencentIMSDK.GetSDKVersion());
            Assert.AreEqual(0, PendingCalls.Count);
        }

        [Test]
        public void AnswersWithoutALoginThatNobodyIsLoggedIn()
        {
            Sdk.Init();
            var free = new[] { "Init", "Uninit", "Login", "Logout", "SetConfig", "CallExperimentalAPI", "GetLoginUserID" };
            foreach (var method in Methods().Where(method => method.ReturnType == typeof(TIMResult)
                && !free.Contains(method.Name)))
            {
                var result = (TIMResult)method.Invoke(null, Plausible(method));
                Assert.AreEqual(TIMResult.TIM_ERR_NOTLOGIN, result, method.ToString());
            }
            Assert.AreEqual(0, PendingCalls.Count);
        }

        [Test]
        public void TakesNothingForAnArgumentEverywhere()
        {
            Sdk.Start("nothing-alice");
            foreach (var method in Methods().Where(method => method.Name != "Uninit" && method.Name != "Init"
                && method.Name != "Logout" && method.Name != "Login"))
            {
                var nothing = method.GetParameters().Select(parameter => parameter.ParameterType.IsValueType
                    ? Activator.CreateInstance(parameter.ParameterType)
                    : null).ToArray();
                Assert.DoesNotThrow(() => method.Invoke(null, nothing), method.ToString());
            }
            Assert.AreEqual(TIMLoginStatus.kTIMLoginStatus_Logined, TencentIMSDK.GetLoginStatus());
        }

        [Test]
        public void RefusesTextThatWouldBeCutShort()
        {
            var reported = new List<Exception>();
            CallbackErrors.Raised += reported.Add;
            Sdk.Start("cut-alice");
            var result = TencentIMSDK.GroupQuit("group\0and more", (int code, string desc, string user_data) => { });
            Assert.AreEqual(TIMResult.TIM_ERR_PARAM, result);
            StringAssert.Contains("NUL", reported.Single().Message);
            Assert.AreEqual(0, PendingCalls.Count);
        }

        [Test]
        public void FillsIdBuffersOfAnyCapacity()
        {
            Sdk.Start("buffer-alice");
            var user = new StringBuilder(1);
            Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.GetLoginUserID(user));
            Assert.AreEqual("buffer-alice", user.ToString());

            var id = new StringBuilder("what was here before");
            Sdk.Ask<Message>(callback => TencentIMSDK.MsgSendMessage(
                "buffer-alice-nobody", TIMConvType.kTIMConv_C2C, Sdk.Text("x"), id, callback));
            StringAssert.IsMatch("^[0-9]+-[0-9]+-[0-9]+$", id.ToString());
        }

        private static IEnumerable<MethodInfo> Methods()
        {
            return typeof(TencentIMSDK).GetMethods(BindingFlags.Static | BindingFlags.Public)
                .Where(method => !method.IsSpecialName);
        }

        /// <summary>Arguments that a reasonable caller could give, so that nothing but the missing Init or login is wrong.</summary>
        private static object[] Plausible(MethodInfo method)
        {
            return method.GetParameters().Select(parameter => Plausible(parameter.ParameterType, parameter.Name)).ToArray();
        }

        private static object Plausible(Type type, string name)
        {
            if (type == typeof(string))
            {
                return name == "conversation_id" ? "group_g" : "someone";
            }
            if (type == typeof(TIMConvType))
            {
                return TIMConvType.kTIMConv_C2C;
            }
            if (type == typeof(long))
            {
                return 20L;
            }
            if (typeof(Delegate).IsAssignableFrom(type))
            {
                var signature = type.GetMethod("Invoke").GetParameters()
                    .Select(parameter => System.Linq.Expressions.Expression.Parameter(parameter.ParameterType)).ToArray();
                return System.Linq.Expressions.Expression.Lambda(
                    type, System.Linq.Expressions.Expression.Empty(), signature).Compile();
            }
            if (type == typeof(Message))
            {
                return Sdk.Text("x");
            }
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
            {
                var list = (System.Collections.IList)Activator.CreateInstance(type);
                list.Add(Plausible(type.GetGenericArguments()[0], name));
                return list;
            }
            var value = Activator.CreateInstance(type);
            Fill(value);
            return value;
        }

        /// <summary>Fills what parameter objects require: texts, lists of texts and the message.</summary>
        private static void Fill(object value)
        {
            foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                if (field.FieldType == typeof(string))
                {
                    field.SetValue(value, "someone");
                }
                else if (field.FieldType == typeof(List<string>))
                {
                    field.SetValue(value, new List<string> { "someone" });
                }
                else if (field.FieldType == typeof(Message))
                {
                    field.SetValue(value, Sdk.Text("x"));
                }
            }
        }
    }
}
