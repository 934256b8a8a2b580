using System.Globalization;
using System.Management.Automation.Host;

namespace Chuizi.Video.EngineHost.Hosting;

/// <summary>The host that the engine talks to.</summary>
internal sealed class EngineHost(ITerminal terminal) : PSHost
{
    /// <summary>What is written to.</summary>
    public ITerminal Terminal { get; } = terminal;

    /// <summary>What the script gave to <c>exit</c>; null for nothing.</summary>
    public int? ExitCode { get; set; }

    public override string Name => "Chuizi.Video engine host";

    public override Version Version { get; } = typeof(EngineHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI { get; } = new EngineHostUI(terminal);

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("The engine host has no prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("The engine host has no prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
