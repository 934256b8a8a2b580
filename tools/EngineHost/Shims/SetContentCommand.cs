using System.Management.Automation;
using System.Text;

namespace Chuizi.Video.EngineHost.Shims;

/// <summary>Set-Content: writes lines to a file, in UTF-8 without a byte order mark.</summary>
[Cmdlet(VerbsCommon.Set, "Content")]
public sealed class SetContentCommand : PSCmdlet
{
    private readonly StringBuilder _text = new();

    /// <summary>The file; it is replaced where it exists.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The lines.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object? line in Value ?? [])
        {
            _text.AppendLine(LanguagePrimitives.ConvertTo<string>(line));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string file = GetUnresolvedProviderPathFromPSPath(Path);
        try
        {
            File.WriteAllText(file, _text.ToString());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(exception, "GetContentWriterIOError", ErrorCategory.WriteError, file));
        }
    }
}
