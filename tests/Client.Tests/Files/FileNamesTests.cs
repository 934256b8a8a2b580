using System.Text;
using Chuizi.Video.Client.Files;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Files;

public sealed class FileNamesTests
{
    private static readonly string[] s_reserved =
    [
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "COM¹", "LPT²",
        .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" }),
    ];

    // Plain text, any UTF-16 including lone surrogates, and strings known to break file names.
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String,
        Gen.Char.Array[0, 300].Select(letters => new string(letters)),
        Gen.OneOf(
            "..", ".", "/", "\\", "../../etc/passwd", "C:\\a.mp4", "a:b", "nul", "con.mp4", "COM1.", "aux .mp4",
            " lpt1", "com¹.txt", "a ", "a.", "a.mp4", "a.MP4", ".mp4", ".MP4.mp4",
            "\u202egpj.mp4", "\u200b", "\ufeff", "e\u0301", "\u212b",
            "<\u0338", "視頻", "🎬", "👩‍👩‍👧", "\ud83c", "\ud83c\u0301",
            "\u0085", "\u2028", "?*|\"<>", "\0", "\ufffe", "\uffff", "\ue000",
            "a\tb\nc", "%00", "~$a", "-rf", "$(x)", "\u00a0", "\u3000", "CONOUT$", "ﬁ", "ß", "İ").Array[1, 6].Select(string.Concat),
        Gen.Select(
            Gen.OneOf("a", "ü", "視", "🎬", " ", ".", "e\u0301", "\u0344", "\ufb2c"),
            Gen.Int[1, 400],
            (letter, count) => string.Concat(Enumerable.Repeat(letter, count))),
        Gen.Select(Gen.OneOf(s_reserved), Gen.OneOf("", ".", ".mp4", " ", ".a.b", " .x"), (name, end) => name.ToLowerInvariant() + end));

    [Theory]
    [InlineData("A red kite", "A red kite.mp4")]
    [InlineData("a.mp4", "a.mp4")]
    [InlineData("a.MP4", "a.mp4")]
    [InlineData("a.mov", "a.mov.mp4")]
    [InlineData("v1.5 final", "v1.5 final.mp4")]
    [InlineData("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j.mp4")]
    [InlineData("../../etc/passwd", "_.._etc_passwd.mp4")]
    [InlineData(" . a . ", "a.mp4")]
    [InlineData("line\nbreak\ttab", "line_break_tab.mp4")]
    [InlineData("\u202egpj.exe", "gpj.exe.mp4")]
    [InlineData("con", "_con.mp4")]
    [InlineData("NUL.tar.gz", "_NUL.tar.gz.mp4")]
    [InlineData("LPT1 .x", "_LPT1 .x.mp4")]
    [InlineData("CONSOLE", "CONSOLE.mp4")]
    [InlineData("", "video.mp4")]
    [InlineData("...", "video.mp4")]
    [InlineData(".mp4", "video.mp4")]
    [InlineData("視頻 🎬", "視頻 🎬.mp4")]
    public void A_name_is_kept_as_far_as_possible(string text, string expected) => FileNames.Safe(text).ShouldBe(expected);

    [Fact]
    public void Composed_and_decomposed_letters_give_the_same_name() => FileNames.Safe("e\u0301").ShouldBe(FileNames.Safe("\u00e9"));

    // APFS folds whole strings, NTFS single characters, and a folder may be on either.
    [Theory]
    [InlineData("Straße", "STRASSE", true)]
    [InlineData("\u1e9e", "ss", true)]
    [InlineData("ﬁre", "FIRE", true)]
    [InlineData("\u212alm", "klm", true)]
    [InlineData("ς", "Σ", true)]
    [InlineData("e\u0301", "\u00c9", true)]
    [InlineData("\u01f0", "J\u030c", true)]
    [InlineData("\ud800a", "\udc00a", true)]
    [InlineData("a", "b", false)]
    [InlineData("é", "e", false)]
    [InlineData("視頻", "視频", false)]
    public void Names_that_any_file_system_treats_as_equal_count_as_one(string first, string second, bool same) =>
        (FileNames.Fold(first) == FileNames.Fold(second)).ShouldBe(same);

    [Theory]
    [InlineData("kite.mp4", "kite", true)]
    [InlineData("kite (12).mp4", "kite.mp4", true)]
    [InlineData("_con.mp4", "con", true)]
    [InlineData("kite2.mp4", "kite", false)]
    [InlineData("kite.mp4", "boat", false)]
    public void IsNamed_accepts_the_requested_name_with_or_without_a_number(string name, string wanted, bool expected) =>
        FileNames.IsNamed(Path.Combine(Path.GetTempPath(), name), wanted).ShouldBe(expected);

    [Trait("Speed", "Medium")]
    [Fact]
    public void Every_name_is_valid_on_every_system() => s_text.Sample(text =>
    {
        string name = FileNames.Safe(text);
        name.ShouldEndWith(".mp4");
        name.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|']).ShouldBe(-1);
        name.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029').ShouldBeFalse();
        // Linux limits names in bytes; Windows and macOS limit them in UTF-16 units.
        Encoding.UTF8.GetByteCount(FileNames.Numbered(name, 1_000_000) + ".json.12345678.part").ShouldBeLessThanOrEqualTo(255);
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(name).ShouldNotBeEmpty();
        (name[0] is ' ' or '.').ShouldBeFalse();
        name[..^4].ShouldNotEndWith(" ");
        name[..^4].ShouldNotEndWith(".");
        s_reserved.ShouldNotContain(name.Split('.')[0].Trim(' ').ToUpperInvariant());
        name.IsNormalized(NormalizationForm.FormC).ShouldBeTrue();
        Path.GetFileName(name).ShouldBe(name);
    }, iter: 20_000);

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_safe_name_is_not_changed() => s_text.Sample(text =>
    {
        string name = FileNames.Safe(text);
        FileNames.Safe(name).ShouldBe(name);
    }, iter: 20_000);

    [Fact]
    public void Every_name_can_be_created_on_this_system()
    {
        using Support.TempFolder folder = new();
        s_text.Sample(text =>
        {
            string path = folder.Of(FileNames.Safe(text) + ".part");
            File.WriteAllBytes(path, []);
            File.Delete(path);
        }, iter: 1000, threads: 1);
    }

    [Theory]
    [InlineData("a.mp4", 2, "a (2).mp4")]
    [InlineData("v1.5.mp4", 10, "v1.5 (10).mp4")]
    public void A_number_is_inserted_before_the_extension(string name, int number, string expected) =>
        FileNames.Numbered(name, number).ShouldBe(expected);
}
