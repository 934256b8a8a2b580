using System.Globalization;
using System.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>The text of a list file: decoded without guessing, and for CSV its delimiter and the line of each row.</summary>
/// <param name="Text">The text.</param>
internal sealed record ListFileText(string Text)
{
    /// <summary>The unit separator of ASCII.</summary>
    private const char NoDelimiter = '\u001F';

    private static readonly char[] s_delimiters = [',', ';', '\t', '|'];

    /// <summary>Decodes a file: by its byte order mark, as UTF-8, or in the encoding that the user names.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="encoding">The user's encoding; null if it is not specified.</param>
    /// <exception cref="FormatException">The bytes are not text in that encoding; the message says what to do.</exception>
    public static ListFileText Decode(byte[] bytes, Encoding? encoding)
    {
        (Encoding marked, int length) = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Strict(65001), 3),
            [0xFF, 0xFE, 0, 0, ..] => (Strict(12000), 4),
            [0xFF, 0xFE, ..] => (Strict(1200), 2),
            [0xFE, 0xFF, ..] => (Strict(1201), 2),
            _ => (encoding ?? Strict(65001), 0),
        };
        if (bytes is [(byte)'P', (byte)'K', 3, 4, ..])
        {
            throw new FormatException("is an Excel workbook or another archive. Save the list as CSV (UTF-8).");
        }

        try
        {
            string text = marked.GetString(bytes, length, bytes.Length - length);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw new FormatException("is not a text file. Save the list as CSV (UTF-8).")
                : new ListFileText(text);
        }
        catch (DecoderFallbackException exception)
        {
            throw new FormatException(
                length == 0 && encoding is null
                    ? "is not UTF-8. Specify its -Encoding, for example 1252 (Western European) or 936 (Chinese), or save it as CSV "
                        + "(UTF-8)."
                    : $"is not valid in the encoding {marked.WebName}. Specify another -Encoding.",
                exception);
        }
    }

    /// <summary>The encoding with a name or a code page number, such as utf-8, 1252 or gb2312. Invalid bytes are errors.</summary>
    /// <exception cref="FormatException">The encoding is not known.</exception>
    public static Encoding EncodingOf(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            return name.Trim().ToUpperInvariant() switch
            {
                "UTF8" or "UTF8BOM" or "UTF8NOBOM" => Strict(65001),
                "UNICODE" => Strict(1200),
                "BIGENDIANUNICODE" => Strict(1201),
                "ANSI" or "DEFAULT" => Strict(CultureInfo.CurrentCulture.TextInfo.ANSICodePage),
                "OEM" => Strict(CultureInfo.CurrentCulture.TextInfo.OEMCodePage),
                { } number when int.TryParse(number, CultureInfo.InvariantCulture, out int page) => Strict(page),
                { } other => Strict(Encoding.GetEncoding(other).CodePage),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new FormatException(
                $"Encoding {ValueReader.Quote(name)} is not known. Use a name or a code page, such as utf-8, 1252 or 936.", exception);
        }
    }

    /// <summary>
    /// The delimiter of a CSV text: the one that gives its header most known columns, otherwise most columns. With one column, a character
    /// that no text has, because a comma is then part of the text.
    /// </summary>
    public char Delimiter
    {
        get
        {
            // Comments, such as the #TYPE of Windows PowerShell, come before the header.
            using StringReader lines = new(Text);
            string? header;
            do
            {
                header = lines.ReadLine();
            }
            while (header?.Trim() is [] or ['#', ..]);

            return header is null || header.IndexOfAny(s_delimiters) < 0 ? NoDelimiter : s_delimiters.MaxBy(delimiter =>
            {
                string[] cells = header.Split(delimiter);
                return (cells.Count(cell => ColumnNames.Of(cell.Trim().Trim('"')) is not null) * 1000) + cells.Length;
            });
        }
    }

    /// <summary>
    /// The line numbers of the rows of a CSV text, from 1, without the header and empty lines. PowerShell's parser drops text that belongs
    /// to no column, and reads the rest of the list as one cell if a quotation mark is not closed; the prompt would be billed like that.
    /// </summary>
    /// <param name="delimiter">The delimiter.</param>
    /// <exception cref="FormatException">A row would lose text, or contain other rows; the message names the line.</exception>
    public IReadOnlyList<int> RowLines(char delimiter)
    {
        List<int> lines = [];
        int? columns = null;
        foreach ((int line, List<string> cells) in Records(delimiter))
        {
            if (columns is not { } count)
            {
                // PowerShell skips comments before the header, and trailing cells without a name.
                columns = cells[0].StartsWith('#') ? null : Math.Max(1, cells.FindLastIndex(cell => cell.Length > 0) + 1);
                continue;
            }

            if (cells.Skip(count).FirstOrDefault(cell => cell.Trim().Length > 0) is { } lost)
            {
                string separator = delimiter == '\t' ? "a tab" : $"'{delimiter}'";
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"line {line} has more cells than the header ({count}), so {ValueReader.Quote(lost)} belongs to no column. Put a text "
                        + $"that contains {separator} in quotation marks, or name the column in the header."));
            }

            lines.Add(line);
        }

        return lines;
    }

    private static Encoding Strict(int page) =>
        Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    /// <summary>The records of a CSV text, without empty lines, as PowerShell reads them.</summary>
    private IEnumerable<(int Line, List<string> Cells)> Records(char delimiter)
    {
        int at = 0;
        int line = 1;
        while (at < Text.Length)
        {
            int first = line;
            List<string> cells = [];
            bool isOver = false;
            while (!isOver)
            {
                cells.Add(Cell(delimiter, ref at, ref line, out isOver));
            }

            if (at == Text.Length && cells[^1].Length == 0 && Text.AsSpan().TrimEnd(" \t") is not [.., '\n' or '\r' or '"'])
            {
                // A delimiter at the end of the text begins no cell.
                cells.RemoveAt(cells.Count - 1);
            }

            if (cells.Count > 1 || cells is [{ Length: > 0 }])
            {
                yield return (first, cells);
            }
        }
    }

    /// <summary>
    /// Reads a cell and what ends it. Quotation marks are special only at the start of a cell, which may then contain line breaks, and
    /// doubled ones (RFC 4180).
    /// </summary>
    private string Cell(char delimiter, ref int at, ref int line, out bool endsRecord)
    {
        StringBuilder cell = new();
        int first = line;
        bool isQuoted = false;
        bool wasQuoted = false;
        for (; at < Text.Length; at++)
        {
            char letter = Text[at];
            bool isBreak = letter == '\n' || (letter == '\r' && (at + 1 == Text.Length || Text[at + 1] != '\n'));
            line += isBreak ? 1 : 0;
            if (isQuoted)
            {
                bool isDoubled = letter == '"' && at + 1 < Text.Length && Text[at + 1] == '"';
                at += isDoubled ? 1 : 0;
                isQuoted = letter != '"' || isDoubled;
                if (isQuoted)
                {
                    cell.Append(letter);
                }
            }
            else if (isBreak || letter == delimiter)
            {
                at++;
                endsRecord = isBreak;
                return cell.ToString();
            }
            else if (letter == '"' && !wasQuoted && cell.Length == 0)
            {
                isQuoted = wasQuoted = true;
            }
            else if (!char.IsWhiteSpace(letter) || cell.Length > 0)
            {
                // After a quoted cell of several lines, text shows that an earlier cell was not closed.
                if (wasQuoted && (line > first || delimiter == NoDelimiter) && !char.IsWhiteSpace(letter))
                {
                    throw Unpaired(first);
                }

                cell.Append(letter);
            }
        }

        endsRecord = true;
        return isQuoted ? throw Unpaired(first) : cell.ToString();
    }

    private static FormatException Unpaired(int line) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"line {line}: a cell begins with a quotation mark that is not closed at its end. Put the whole cell in quotation marks, and "
            + $"double each quotation mark within it."));
}
