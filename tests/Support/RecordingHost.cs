using System.Globalization;
using System.Management.Automation.Host;

namespace Chuizi.Video.Tests.Support;

/// <summary>A console host, without colours, that shows nothing and keeps what it was told to show.</summary>
/// <param name="width">The columns of its window.</param>
public sealed class RecordingHost(int width) : PSHost
{
    private readonly RecordingHostUI _ui = new(width);

    /// <inheritdoc/>
    public override string Name => "Recording host";

    /// <inheritdoc/>
    public override Version Version { get; } = new(1, 0);

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override PSHostUserInterface UI => _ui;

    /// <summary>The lines shown so far, progress apart, without blanks at their ends and without empty lines around them.</summary>
    public string Text => _ui.Text;

    /// <summary>Returns everything shown since the last call, progress included.</summary>
    public IReadOnlyList<string> Take() => _ui.Take();

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode)
    {
    }

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new NotSupportedException("The recording host has no prompt.");

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => throw new NotSupportedException("The recording host has no prompt.");

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }
}
