using System.Text;

namespace Chuizi.Video.Client.Text;

/// <summary>Writes values as arguments of a PowerShell command that somebody may paste.</summary>
internal static class PowerShellText
{
    /// <summary>
    /// The text in single quotes, in which nothing is expanded. PowerShell also ends a string at a typographic quotation mark, so each of
    /// them is doubled like the apostrophe.
    /// </summary>
    public static string SingleQuote(string text)
    {
        StringBuilder quoted = new("'", text.Length + 2);
        foreach (char letter in text)
        {
            quoted.Append(letter);
            if (letter is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B')
            {
                quoted.Append(letter);
            }
        }

        return quoted.Append('\'').ToString();
    }
}
