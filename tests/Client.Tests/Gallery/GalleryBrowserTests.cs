using System.Text.Json;
using Chuizi.Video.Client.Gallery;
using Chuizi.Video.Client.Tests.Sandbox;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Deque.AxeCore.Commons;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>The page in a real browser, opened from disk, with a real keyboard. Skipped if no browser is installed.</summary>
[Trait("Speed", "Slow")]
public sealed class GalleryBrowserTests(SharedBrowser shared) : SandboxTest, IClassFixture<SharedBrowser>
{
    private const string Shown = "document.getElementById('count').textContent";
    private const string Loaded =
        "[...document.querySelectorAll('video')].filter(video => video.readyState > 0 || video.preload !== 'none').length";

    [Fact]
    public async Task Hostile_data_does_not_run_or_send_requests_and_every_video_plays()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = Batch();
        await batch.AddHostileAsync();
        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(batch.Write(GalleryBatch.Hostile[0]));
        Folder.Names.ShouldBe(["index.html", "videos"], "no name leaves the folder");
        (await page.CountAsync("document.querySelectorAll('article').length")).ShouldBe(batch.Items.Count);
        int videos = await page.CountAsync("document.querySelectorAll('video').length");
        videos.ShouldBe(Directory.GetFileSystemEntries(Folder.Of("videos")).Length);
        videos.ShouldBeGreaterThanOrEqualTo(GalleryBatch.Hostile.Count);
        for (int at = 0; at < videos; at++)
        {
            await page.EvaluateAsync(
                $"document.querySelectorAll('video')[{at}].scrollIntoView({{ block: 'center', behavior: 'instant' }})");
            await page.UntilAsync(
                $"window.known.has(document.querySelectorAll('video')[{at}].getAttribute('src')) || window.failedMedia.some(source => source)");
        }

        // The large view and the comparison show the same texts.
        await page.EvaluateAsync("""
            (async () => {
                const box = name => document.querySelector(`dialog.${name}`);
                for (const opener of document.querySelectorAll('.opener')) {
                    opener.click();
                    box('viewer').close();
                }

                for (const button of document.querySelectorAll('.head button')) {
                    button.click();
                    box('compare').close();
                }

                for (const select of document.querySelectorAll('#group, #sort')) {
                    for (const option of [...select.options].reverse()) {
                        select.value = option.value;
                        select.dispatchEvent(new Event('change'));
                    }
                }
            })()
            """);
        (await page.TextsAsync("window.failedMedia.filter(source => source)")).ShouldBeEmpty();
        (await page.CountAsync("window.known.size")).ShouldBe(videos);
        (await page.TextsAsync("window.executed")).ShouldBeEmpty();
        (await page.CountAsync("document.scripts.length")).ShouldBe(1);
        string[] headings = await page.TextsAsync("""
            [...document.querySelectorAll('.card')].sort((a, b) => a.dataset.order - b.dataset.order)
                .map(card => card.querySelector('h3[dir]')?.textContent).filter(text => text !== undefined)
            """);
        headings.ShouldBe(
            batch
                .Items.Where(item => !string.IsNullOrWhiteSpace(item.Video.Prompt))
                .Select(item => Client.Gallery.Html.Clean(item.Video.Prompt)));
        page.Problems.ShouldBeEmpty();
        page.Requests.ShouldContain(new Uri(batch.Page).AbsoluteUri);
        // The video controls load their own images as data URLs.
        page.Requests.Where(address => !address.StartsWith("data:image/", StringComparison.Ordinal))
            .ShouldAllBe(address => address.StartsWith(new Uri(Folder.Path + "/").AbsoluteUri, StringComparison.Ordinal));
    }

    // Without the policy, the first of these would run and the second would leak data.
    [Fact]
    public async Task The_content_security_policy_blocks_what_an_encoder_might_miss()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = Batch();
        batch.Add("A red kite", "m", VideoStatus.Failed, "no");
        string text = await File.ReadAllTextAsync(batch.Write("x"));
        await File.WriteAllTextAsync(
            batch.Page,
            text.Replace(
                "</main>",
                "<script>alert(1)</script><img src='https://leak.example/x' onerror='alert(2)'><p style='color:red' "
                    + "id='styled'>x</p></main>",
                StringComparison.Ordinal));
        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(batch.Page);
        await page.UntilAsync($"{Shown} !== ''");
        (await page.TextsAsync("window.executed")).ShouldBeEmpty();
        (await page.EvaluateAsync("getComputedStyle(document.getElementById('styled')).color")).GetString().ShouldNotBe("rgb(255, 0, 0)");
        page.Problems.Count(problem => problem.Contains("ontent", StringComparison.Ordinal))
            .ShouldBeGreaterThan(2, "each violation is reported, so an empty console is meaningful");
    }

    [Fact]
    public async Task The_keyboard_searches_filters_and_sorts()
    {
        Browser browser = await shared.OpenAsync();
        BrowserPage page = await OpenFriendlyAsync(browser);
        (await page.EvaluateAsync(Shown)).GetString().ShouldBe("6 shown");

        await page.PressAsync("/", "Slash", 191, "/");
        (await page.EvaluateAsync("document.activeElement.id + document.activeElement.value")).GetString().ShouldBe("find");
        await page.TypeAsync("KITE red");
        await page.UntilAsync($"{Shown} === '1 of 6 shown'");
        (await VisibleAsync(page)).ShouldBe(["A red kite over a lake, slow aerial shot"]);
        await page.PressAsync("Escape", "Escape", 27);
        await page.UntilAsync($"{Shown} === '6 shown'");
        foreach (
            (string word, string found) in new[]
            {
                ("moderation", "A forbidden tower at night"),
                ("vid-001", "A paper boat in the gutter, close to the water"),
                ("column-3", "Rain drums on a tin roof, macro"),
                ("boat.mp4", "A paper boat in the gutter, close to the water"),
            })
        {
            await page.TypeAsync(word);
            await page.UntilAsync($"{Shown} === '1 of 6 shown'");
            (await VisibleAsync(page)).ShouldBe([found]);
            await page.PressAsync("Escape", "Escape", 27);
        }

        await page.TypeAsync("nothing like that");
        await page.UntilAsync($"{Shown} === '0 of 6 shown' && !document.getElementById('none').hidden");
        await page.PressAsync("Escape", "Escape", 27);

        await page.PressAsync("Tab", "Tab", 9);
        (await page.EvaluateAsync("document.activeElement.value")).GetString().ShouldBe("succeeded");
        await page.PressAsync("Tab", "Tab", 9);
        await page.PressAsync("Tab", "Tab", 9);
        (await page.EvaluateAsync("document.activeElement.value")).GetString().ShouldBe("failed");
        await page.PressAsync(" ", "Space", 32, " ");
        await page.UntilAsync($"{Shown} === '1 of 6 shown'");
        (await VisibleAsync(page)).ShouldBe(["A forbidden tower at night"]);
        await page.PressAsync(" ", "Space", 32, " ");
        await page.UntilAsync($"{Shown} === '6 shown'");

        await page.PressAsync("Tab", "Tab", 9);
        (await page.EvaluateAsync("document.activeElement.id")).GetString().ShouldBe("model");
        await page.PressAsync("ArrowDown", "ArrowDown", 40);
        await page.UntilAsync($"{Shown} === '3 of 6 shown'");
        await page.PressAsync("ArrowUp", "ArrowUp", 38);
        await page.UntilAsync($"{Shown} === '6 shown'");

        await page.PressAsync("Tab", "Tab", 9);
        (await page.EvaluateAsync("document.activeElement.id")).GetString().ShouldBe("group");
        await page.PressAsync("Tab", "Tab", 9);
        (await page.EvaluateAsync("document.activeElement.id")).GetString().ShouldBe("sort");
        await page.UntilAsync("['#v1', '#v2', '#v4'].every(id => document.querySelector(`${id} video`).readyState > 0)");
        string[] places = await page.TextsAsync("[...document.querySelectorAll('article')].map(card => card.id)");
        foreach (
            string order in new[]
            {
                "v6,v5,v4,v3,v2,v1",
                "v6,v4,v2,v1,v3,v5",
                "v1,v2,v4,v3,v5,v6",
                "v6,v2,v4,v1,v3,v5",
                "v1,v2,v3,v4,v5,v6",
                "v2,v1,v4,v3,v5,v6",
                "v5,v2,v6,v1,v3,v4",
                "v3,v5,v1,v2,v4,v6",
            })
        {
            string before = string.Join(',', places);
            await page.PressAsync("ArrowDown", "ArrowDown", 40);
            await page.UntilAsync($"[...document.querySelectorAll('article')].map(card => card.id).join() !== '{before}'");
            places = await page.TextsAsync("[...document.querySelectorAll('article')].map(card => card.id)");
            string sorted = (await page.EvaluateAsync("document.getElementById('sort').value")).GetString()!;
            string.Join(',', places).ShouldBe(order, sorted);
        }

        page.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_video_plays_at_a_time_and_stays_loaded_while_out_of_view()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = Batch();
        for (int number = 0; number < 40; number++)
        {
            await batch.SaveAsync($"Video {number}", $"{number}.mp4", seconds: 10);
        }

        BrowserPage page = await browser.NewPageAsync(width: 400);
        await page.OpenAsync(batch.Write("x"));
        await page.EvaluateAsync(
            "window.films = document.querySelectorAll('video'); films[0].muted = films[1].muted = true; films[0].play()");
        await page.UntilAsync("!films[0].paused");
        await page.EvaluateAsync("films[1].play()");
        await page.UntilAsync("films[0].paused && !films[1].paused");
        await page.EvaluateAsync("films[39].scrollIntoView({ block: 'center', behavior: 'instant' })");
        await page.UntilAsync("films[39].readyState > 0 && films[0].readyState === 0");
        (await page.EvaluateAsync("!films[1].paused && films[1].readyState > 0")).GetBoolean().ShouldBeTrue();
        await page.EvaluateAsync("films[1].pause()");
        await page.UntilAsync("films[1].readyState === 0");
        page.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_videos_near_the_viewport_are_loaded()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = Batch();
        for (int number = 0; number < 200; number++)
        {
            await batch.SaveAsync($"Video {number}", $"{number}.mp4");
        }

        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(batch.Write("Two hundred"));
        await page.UntilAsync("document.querySelectorAll('video')[0].readyState > 0");
        (await page.CountAsync(Loaded)).ShouldBeInRange(1, 40);
        page.Requests.Distinct().Count().ShouldBeLessThan(50);
        for (int at = 49; at < 200; at += 50)
        {
            await page.EvaluateAsync(
                $"document.querySelectorAll('video')[{at}].scrollIntoView({{ block: 'center', behavior: 'instant' }})");
            await page.UntilAsync($"document.querySelectorAll('video')[{at}].readyState > 0");
            await page.UntilAsync($"{Loaded} < 40");
        }

        await page.UntilAsync("document.querySelectorAll('video')[0].readyState === 0");
        await page.PressAsync("/", "Slash", 191, "/");
        await page.TypeAsync("vid-13");
        await page.UntilAsync($"{Shown} === '10 of 200 shown'");
        await page.UntilAsync("[...document.querySelectorAll('li:not([hidden]) video')].filter(video => video.readyState > 0).length > 2");
        page.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 400)]
    public async Task The_page_meets_the_accessibility_rules(string scheme, int width)
    {
        Browser browser = await shared.OpenAsync();
        BrowserPage page = await browser.NewPageAsync(width, height: 6000);
        await page.EmulateAsync(scheme);
        GalleryBatch batch = Batch();
        await batch.AddFriendlyAsync();
        foreach ((GalleryItem item, int number) in batch.Items.Where(item => item.Video.Path is not null).Select((item, at) => (item, at)))
        {
            (item.Video.Row, item.Video.Take) = (1, number + 1);
            item.Video.Prompt = "A red kite";
            item.Video.Model = "google/veo-3.1-lite";
            item.Columns["Project"] = number == 0 ? "Spring" : "Autumn";
        }

        batch.Items[0].Video.Note = "The best light";
        await page.OpenAsync(batch.Write("Autumn batch"));
        await page.UntilAsync($"{Shown} !== ''");
        await page.EvaluateAsync(
            "document.querySelectorAll('details:not(.menu)').forEach(details => { details.open = true; }); "
                + "document.querySelector('.chip.failed input').click()");
        await page.EvaluateAsync(
            "document.querySelector('.chip.failed input').click(); document.querySelector('.chip.succeeded input').click()");
        using StreamReader script = new(
            typeof(AxeResult).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!);
        await page.EvaluateAsync(await script.ReadToEndAsync() + "; undefined");
        await ShouldBeAccessibleAsync(page, "with the succeeded ones");
        await page.EvaluateAsync("document.querySelectorAll('input[name=status]:not([value=succeeded])').forEach(input => input.click())");
        await ShouldBeAccessibleAsync(page, "with all statuses chosen");

        // Every control that appears later: on a card, in the large view, in the comparison, in the menus.
        await page.EvaluateAsync("document.querySelectorAll('input[name=status]:checked').forEach(input => input.click())");
        await page.EvaluateAsync("""
            document.querySelector('#v1 .opener').focus();
            document.querySelector('#v1 .keep').click();
            document.querySelector('#v2 .opener').focus();
            document.querySelector('#v2 .reject').click();
            document.querySelector('#v2 .stars button').click();
            document.querySelectorAll('.menu').forEach(menu => { menu.open = true; });
            """);
        await ShouldBeAccessibleAsync(page, "with decisions and menus");
        await page.EvaluateAsync("document.querySelectorAll('.menu').forEach(menu => { menu.open = false; })");
        foreach (string card in new[] { "v1", "v3" })
        {
            await page.EvaluateAsync($"document.querySelector('#{card} .opener').click()");
            await ShouldBeAccessibleAsync(page, "in the large view");
            await page.EvaluateAsync("document.querySelector('dialog.viewer').close()");
        }

        await page.EvaluateAsync("document.querySelector('.head button').click()");
        await page.UntilAsync("document.querySelectorAll('.compare video').length === 3");
        await ShouldBeAccessibleAsync(page, "in the comparison");
        await page.EvaluateAsync("document.querySelector('dialog.compare').close()");
        (await page.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth"))
            .GetBoolean()
            .ShouldBeTrue("nothing is wider than the window");
        (
            await page.EvaluateAsync(
                "[...document.querySelectorAll('.tools input, .tools select, .review input, .review button')].every(tool => tool.getBoundingClientRect().right <= "
                    + "innerWidth - 15)"))
            .GetBoolean()
            .ShouldBeTrue("no control extends into the margin");
    }

    [Fact]
    public async Task Direction_marks_in_text_affect_only_that_text()
    {
        Browser browser = await shared.OpenAsync();
        string[] marks = ["\u202E", "\u2067", "\u2069\u2069\u202E", "\u200F\u05D0"];
        GalleryBatch batch = Batch();
        foreach (string mark in marks.Prepend(""))
        {
            batch.Add(mark + "abc", "m", mark + "paused");
        }

        BrowserPage page = await browser.NewPageAsync(height: 3000);
        await page.OpenAsync(batch.Write("x"));
        // The position of our own text after the data, in the list of statuses, must be the same with and without marks.
        string[] gaps = await page.TextsAsync(
            "[...document.querySelectorAll('.tools .chip')].map(chip => String(Math.round(chip.querySelector('b').getBoundingClientRect().left - "
                + "chip.querySelector('span').getBoundingClientRect().right)))");
        gaps.Length.ShouldBe(marks.Length + 1);
        gaps.Distinct().Count().ShouldBe(1);
        gaps[0].ShouldNotStartWith("-");
    }

    [Fact]
    public async Task The_printed_page_has_all_details_and_no_controls()
    {
        Browser browser = await shared.OpenAsync();
        BrowserPage page = await OpenFriendlyAsync(browser);
        await page.EvaluateAsync(
            "window.addEventListener('beforeprint', () => { window.printed = [document.querySelectorAll('details[open]').length, "
                + "getComputedStyle(document.querySelector('.tools')).display].join(); }); undefined");
        JsonElement paper = await page.CallAsync("Page.printToPDF", []);
        paper.GetProperty("data").GetBytesFromBase64().AsSpan()[..4].SequenceEqual("%PDF"u8).ShouldBeTrue();
        (await page.EvaluateAsync("window.printed")).GetString()!.ShouldStartWith("7,");
        await page.UntilAsync("document.querySelectorAll('details[open]').length === 0");
        await page.EmulateAsync("dark", "print");
        (await page.EvaluateAsync("getComputedStyle(document.querySelector('.tools')).display")).GetString().ShouldBe("none");
        (await page.EvaluateAsync("getComputedStyle(document.body).backgroundColor")).GetString().ShouldBe("rgb(255, 255, 255)");
    }

    [Fact]
    public async Task Without_scripts_the_page_is_complete_and_hides_its_controls()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await FriendlyAsync();
        BrowserPage page = await browser.NewPageAsync();
        await page.CallAsync("Emulation.setScriptExecutionDisabled", new() { ["value"] = true });
        await page.OpenAsync(batch.Page);
        (await page.EvaluateAsync("document.querySelector('.tools').hidden")).GetBoolean().ShouldBeTrue();
        (await page.CountAsync("document.querySelectorAll('article').length")).ShouldBe(6);
        (await page.CountAsync("document.querySelectorAll('video[controls][src]').length")).ShouldBe(3);
    }

    [Fact]
    public async Task The_README_screenshot_shows_this_page()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await FriendlyAsync();
        bool isWanted = Environment.GetEnvironmentVariable("CHUIZI_TEST_SCREENSHOT") == "1";
        string target = isWanted ? Path.Combine(Repository.Root, "docs") : Folder.Path;
        foreach ((string name, string scheme) in new[] { ("gallery.png", "light"), ("gallery-dark.png", "dark") })
        {
            BrowserPage page = await browser.NewPageAsync(height: 1000);
            await page.EmulateAsync(scheme);
            await page.OpenAsync(batch.Page);
            await page.UntilAsync("[...document.querySelectorAll('video')].every(video => video.readyState >= 2 && !video.seeking)");
            byte[] picture = await page.PictureAsync();
            picture.Length.ShouldBeInRange(10_000, 300_000);
            await File.WriteAllBytesAsync(Path.Combine(target, name), picture);
        }
    }

    private static async Task ShouldBeAccessibleAsync(BrowserPage page, string state) =>
        (await page.TextsAsync("""
            axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
                .then(result => result.violations.map(violation => violation.id + ': ' + violation.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')))
            """)).ShouldBeEmpty(state);

    private GalleryBatch Batch() => new(Start(new SandboxOptions { GenerationTime = TimeSpan.Zero }), Folder);

    private async Task<GalleryBatch> FriendlyAsync()
    {
        GalleryBatch batch = Batch();
        await batch.AddFriendlyAsync();
        batch.Write("Autumn batch");
        return batch;
    }

    private async Task<BrowserPage> OpenFriendlyAsync(Browser browser)
    {
        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync((await FriendlyAsync()).Page);
        await page.UntilAsync($"{Shown} !== ''");
        return page;
    }

    private static Task<string[]> VisibleAsync(BrowserPage page) =>
        page.TextsAsync("[...document.querySelectorAll('#videos > li:not([hidden]) h3')].map(heading => heading.textContent)");
}
