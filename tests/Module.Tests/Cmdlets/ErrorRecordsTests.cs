using System.Reflection;

namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>The error record of each kind of failure.</summary>
public sealed class ErrorRecordsTests : IDisposable
{
    private readonly Shell _shell = new(connect: false);

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Every_kind_of_failure_has_a_category()
    {
        // The engine loads the built module, so the tests cannot reference its types.
        MethodInfo categoryOf = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "Chuizi.Video")
            .GetType("Chuizi.Video.Module.Cmdlets.ErrorRecords", throwOnError: true)!
            .GetMethod("CategoryOf", BindingFlags.NonPublic | BindingFlags.Static)!;

        Enum.GetValues(categoryOf.GetParameters()[0].ParameterType).Cast<object>()
            .Where(kind => categoryOf.Invoke(null, [kind]) is ErrorCategory.NotSpecified)
            .ShouldBeEmpty();
    }
}
