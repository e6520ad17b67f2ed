using System;
using System.Collections.Generic;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk.Tests
{
    /// <summary>Programs that only show how a process ends: they return, and the process must follow.</summary>
    internal static class Acts
    {
        internal static int Run(string name)
        {
            Sdk.Start("ending-alice");
            switch (name)
            {
                case "Uninit":
                    return (int)TencentIMSDK.Uninit();
                case "Forget":
                    return 0;
                case "UninitWithCallsUnderWay":
                    for (var call = 0; call < 50; call++)
                    {
                        TencentIMSDK.ConvGetConvList((int code, string desc, List<ConvInfo> list, string user_data) => { });
                    }
                    return (int)TencentIMSDK.Uninit();
                default:
                    throw new ArgumentException("unknown act " + name);
            }
        }
    }
}
