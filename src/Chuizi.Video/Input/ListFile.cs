using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// Reads the rows of -Path with PowerShell's own parsers, so that a row is the same as after Import-Csv or ConvertFrom-Json, and adds what
/// those do not report: the delimiter, a wrong encoding, and the line of each row.
/// </summary>
internal static class ListFile
{
    private const long LongestFile = 256 * 1024 * 1024;

    /// <summary>Reads a list.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="path">The full path.</param>
    /// <param name="encoding">The name of the encoding; null for UTF-8 or the one of a byte order mark.</param>
    /// <returns>The rows, each with its line if the format has one row per line.</returns>
    /// <exception cref="FormatException">The file is not a list; the message says why.</exception>
    public static IReadOnlyList<(PSObject Row, int? Line)> Read(PSCmdlet cmdlet, string path, string? encoding)
    {
        string name = ValueReader.Quote(path);
        try
        {
            Encoding? chosen = encoding is null ? null : ListFileText.EncodingOf(encoding);
            if (new FileInfo(path).Length > LongestFile)
            {
                throw new FormatException("is larger than 256 MB. Split the list.");
            }

            ListFileText list = ListFileText.Decode(File.ReadAllBytes(path), chosen);
            return Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".CSV" or ".TSV" or ".TXT" => Csv(cmdlet, list),
                ".JSON" => [.. Run(cmdlet, "ConvertFrom-Json -InputObject $args[0]", list.Text).Select(row => (row, (int?)null))],
                ".JSONL" or ".NDJSON" => JsonLines(cmdlet, list.Text),
                _ => throw new FormatException("has an unknown format. Use a .csv, .tsv, .json or .jsonl file."),
            };
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{name} {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(
                File.Exists(path) ? $"{name} cannot be read: {exception.Message}" : $"The list {name} was not found.", exception);
        }
    }

    private static IReadOnlyList<(PSObject Row, int? Line)> Csv(PSCmdlet cmdlet, ListFileText list)
    {
        char delimiter = list.Delimiter;
        IReadOnlyList<int> lines = list.RowLines(delimiter);
        PSObject[] rows = [.. Run(cmdlet, "$args[0] | ConvertFrom-Csv -Delimiter $args[1]", list.Text, delimiter)];
        // The parser skips empty lines, and so does this count. If they ever differ, no line is better than a wrong one.
        return [.. rows.Select((row, index) => (row, lines.Count == rows.Length ? lines[index] : (int?)null))];
    }

    private static List<(PSObject Row, int? Line)> JsonLines(PSCmdlet cmdlet, string text)
    {
        List<(PSObject, int?)> rows = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (line.Trim().Length > 0)
            {
                try
                {
                    rows.AddRange(Run(cmdlet, "ConvertFrom-Json -InputObject $args[0]", line).Select(row => (row, (int?)number)));
                }
                catch (FormatException exception)
                {
                    throw new FormatException($"line {number}: {exception.Message}", exception);
                }
            }
        }

        return rows;
    }

    private static Collection<PSObject> Run(PSCmdlet cmdlet, string script, params object[] arguments)
    {
        try
        {
            return cmdlet.InvokeCommand.InvokeScript("$ErrorActionPreference = 'Stop'; " + script, arguments);
        }
        catch (RuntimeException exception) when (!FlowControl.Is(exception) || exception is ActionPreferenceStopException)
        {
            throw new FormatException($"cannot be read: {exception.ErrorRecord.Exception.Message}", exception);
        }
    }
}
