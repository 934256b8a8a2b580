using System.Management.Automation;
using CsvHelper;

namespace Chuizi.Video.EngineHost.Shims;

/// <summary>
/// Import-Csv as far as the examples use it: rows as objects of text, by the names in the first line. A quote within a cell that does
/// not start with one is an error here, where pwsh guesses.
/// </summary>
[Cmdlet(VerbsData.Import, "Csv", DefaultParameterSetName = "Path")]
[OutputType(typeof(PSObject))]
public sealed class ImportCsvCommand : PSCmdlet
{
    /// <summary>The files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The files, literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What stands between two cells.</summary>
    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string> files = ParameterSetName == "Path"
            ? Path.SelectMany(path => GetResolvedProviderPathFromPSPath(path, out _))
            : LiteralPath.Select(GetUnresolvedProviderPathFromPSPath);
        foreach (string file in files)
        {
            Read(file);
        }
    }

    private void Read(string file)
    {
        try
        {
            using CsvReader rows = CsvReader.FromFile(file, new CsvReaderOptions { Separator = Delimiter, MalformedData = CsvMalformedDataHandling.Throw });
            while (!Stopping && rows.Read())
            {
                WriteObject(Row(rows));
            }
        }
        catch (CsvFormatException exception)
        {
            ThrowTerminatingError(new ErrorRecord(exception, "MalformedCsv", ErrorCategory.InvalidData, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(new ErrorRecord(exception, "FileOpenFailure", ErrorCategory.OpenError, file));
        }
    }

    // Cells that a short row lacks are null, those beyond the names are dropped: as pwsh has it.
    private static PSObject Row(CsvReader rows)
    {
        PSObject row = new();
        for (int at = 0; at < rows.Headers.Count; at++)
        {
            row.Properties.Add(new PSNoteProperty(rows.Headers[at], at < rows.FieldCount ? Cell(rows, at) : null));
        }

        return row;
    }

    // Blanks before a cell are no part of it, unless quotes say so; those after it are.
    private static string Cell(CsvReader rows, int at) =>
        rows.GetRawSpan(at).StartsWith("\""u8) ? rows.GetString(at) : rows.GetString(at).TrimStart(' ', '\t');
}
