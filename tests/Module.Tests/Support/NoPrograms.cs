using System.Reflection;
using Xunit.v3;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>
/// Hides the programs of the machine from tests without the trait <c>Speed=Slow</c>, which start none. The engine would list thousands of
/// them for each help page, each completion of a command and each first use of a command that is not yet imported.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class NoPrograms : BeforeAfterTestAttribute
{
    private const string Variable = "PATH";
    private static readonly string? s_path = Environment.GetEnvironmentVariable(Variable);
    private static readonly string s_none = Path.Combine(Path.GetTempPath(), "no-programs");

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (!test.Traits.TryGetValue("Speed", out IReadOnlyCollection<string>? speeds) || !speeds.Contains("Slow"))
        {
            Environment.SetEnvironmentVariable(Variable, s_none);
        }
    }

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Environment.SetEnvironmentVariable(Variable, s_path);
}
