using System.Reflection;
using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Structure;

/// <summary>The tests run on the runtime that they are built for: the current one, or with <c>build.ps1 Floor</c> the oldest one.</summary>
public sealed class RuntimeTests
{
    [Fact]
    public void The_runtime_is_the_one_that_the_tests_are_built_for()
    {
        string target = typeof(RuntimeTests).Assembly.GetCustomAttribute<TargetFrameworkAttribute>().ShouldNotBeNull().FrameworkName;
        $".NETCoreApp,Version=v{Environment.Version.ToString(2)}".ShouldBe(target);
    }
}
