#if !NET10_0_OR_GREATER
global using Lock = System.Object;

using CsCheck;

namespace Chuizi.Video.Client.Tests;

/// <summary>What the tests use that .NET 8, and the last version of CsCheck for it, have under another name.</summary>
internal static class OldestRuntime
{
    extension(Gen)
    {
        public static Gen<T> OneOf<T>(params T[] values) => Gen.OneOfConst(values);
    }
}
#endif
