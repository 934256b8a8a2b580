namespace Chuizi.Video.Soak.Plans;

/// <summary>How the rows of a batch reach the module.</summary>
internal enum ListForm
{
    /// <summary>Piped objects; in a child process, those of Import-Csv.</summary>
    Objects,

    /// <summary>A .csv file in UTF-8.</summary>
    Csv,

    /// <summary>A .csv file as spreadsheets save it in many countries: semicolons, CRLF, a byte order mark, headers in words.</summary>
    Spreadsheet,

    /// <summary>A .csv file in UTF-16.</summary>
    Utf16,

    /// <summary>A .csv file in the code page 1252, which the call names.</summary>
    Windows1252,

    /// <summary>A .tsv file.</summary>
    Tabs,

    /// <summary>A .json file.</summary>
    Json,

    /// <summary>A .jsonl file.</summary>
    JsonLines,
}
