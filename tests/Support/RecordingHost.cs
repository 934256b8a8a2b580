using System.Globalization;
using System.Management.Automation.Host;

namespace Chuizi.Video.Tests.Support;

/// <summary>A console host without colors that displays nothing and records what it was asked to display.</summary>
/// <param name="width">The width of its window, in columns.</param>
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

    /// <summary>What is answered to a question for a secret; null to refuse it.</summary>
    public string? Answer { get => _ui.Answer; set => _ui.Answer = value; }

    /// <summary>The lines shown so far, without progress, trailing spaces, and leading or trailing empty lines.</summary>
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
