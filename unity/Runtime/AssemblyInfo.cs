using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Yidu.ImSdk.Tests")]
