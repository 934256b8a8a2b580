using System.Text;

namespace Chuizi.Video.Client.Text;

/// <summary>Text in a Unicode normalization form (Unicode Standard Annex 15), for comparisons.</summary>
internal static class NormalForm
{
    /// <summary>The text in this form; unchanged if it has an unpaired surrogate or U+FFFE, which .NET does not normalize.</summary>
    public static string Of(string text, NormalizationForm form)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}
