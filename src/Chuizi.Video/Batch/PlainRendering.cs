using System.Management.Automation;

namespace Chuizi.Video.Module.Batch;

/// <summary>Turns off PowerShell's colors until it is disposed, because a log has no use for escape sequences.</summary>
internal sealed class PlainRendering : IDisposable
{
    private readonly CommandInvocationIntrinsics _invoke;
    private readonly object? _before;

    public PlainRendering(CommandInvocationIntrinsics invoke)
    {
        _invoke = invoke;
        _before = invoke.InvokeScript("$PSStyle.OutputRendering").FirstOrDefault()?.BaseObject;
        Set("PlainText");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_before is not null)
        {
            Set(_before);
        }
    }

    private void Set(object rendering) => _invoke.InvokeScript("$PSStyle.OutputRendering = $args[0]", rendering);
}
