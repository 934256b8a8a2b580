using System.Management.Automation;

namespace Chuizi.Video.EngineHost.Hosting;

/// <summary>Where a host's text goes; called from any thread.</summary>
public interface ITerminal
{
    /// <summary>The columns that tables are formatted to.</summary>
    int Width { get; }

    /// <summary>Whether escape sequences are understood and wanted.</summary>
    bool HasColors { get; }

    /// <summary>Writes output.</summary>
    void Write(string text);

    /// <summary>Writes a line of an error.</summary>
    void WriteError(string line);

    /// <summary>Shows a progress record, or takes it away where it is completed.</summary>
    void WriteProgress(ProgressRecord record);

    /// <summary>Takes away what progress there is.</summary>
    void ClearProgress();
}
