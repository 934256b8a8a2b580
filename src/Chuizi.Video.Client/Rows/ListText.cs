using System.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>The text of a list: decoded without guessing, and for CSV its delimiter and the line of each row.</summary>
/// <param name="Text">The text.</param>
internal sealed record ListText(string Text)
{
    private static readonly char[] s_delimiters = [',', ';', '\t', '|'];

    /// <summary>Decodes a file: by its byte order mark, as UTF-8, or in the encoding that the user names.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="encoding">The user's encoding; null if it is not specified.</param>
    /// <exception cref="FormatException">The bytes are not text in that encoding; the message says what to do.</exception>
    public static ListText Decode(byte[] bytes, Encoding? encoding)
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
                : new ListText(text);
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
                "ANSI" or "DEFAULT" => Strict(System.Globalization.CultureInfo.CurrentCulture.TextInfo.ANSICodePage),
                "OEM" => Strict(System.Globalization.CultureInfo.CurrentCulture.TextInfo.OEMCodePage),
                { } number when int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out int page) => Strict(page),
                { } other => Strict(Encoding.GetEncoding(other).CodePage),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new FormatException(
                $"Encoding {ValueReader.Quote(name)} is not known. Use a name or a code page, such as utf-8, 1252 or 936.", exception);
        }
    }

    /// <summary>The delimiter of a CSV text: the one that gives its header most known columns, otherwise most columns.</summary>
    public char Delimiter
    {
        get
        {
            string header = Records().Select(record => record.Text).FirstOrDefault("");
            return s_delimiters.MaxBy(delimiter =>
            {
                string[] cells = header.Split(delimiter);
                return (cells.Count(cell => ColumnNames.Of(cell.Trim().Trim('"')) is not null) * 1000) + cells.Length;
            });
        }
    }

    /// <summary>The line numbers of the rows of a CSV text, from 1, without the header and empty lines.</summary>
    public IReadOnlyList<int> RowLines => [.. Records().Skip(1).Select(record => record.Line)];

    private static Encoding Strict(int page) =>
        Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    /// <summary>The records of a CSV text (RFC 4180: a quoted cell may contain line breaks), without empty lines.</summary>
    private IEnumerable<(int Line, string Text)> Records()
    {
        int line = 1;
        int first = 1;
        int start = 0;
        bool isQuoted = false;
        for (int at = 0; at <= Text.Length; at++)
        {
            bool isEnd = at == Text.Length;
            char letter = isEnd ? '\n' : Text[at];
            isQuoted ^= letter == '"';
            bool isBreak = letter == '\n' || (letter == '\r' && (at + 1 == Text.Length || Text[at + 1] != '\n'));
            if (!isBreak)
            {
                continue;
            }

            if (!isQuoted || isEnd)
            {
                string record = Text[start..at].TrimEnd('\r');
                if (record.Trim().Length > 0)
                {
                    yield return (first, record);
                }

                start = at + 1;
                first = line + 1;
            }

            line++;
        }
    }
}
