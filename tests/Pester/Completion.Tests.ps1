BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0

    # What Tab offers at the end of a line.
    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
}

AfterAll {
    Stop-ChuiziVideoSandbox
}

Describe 'Tab' {
    It 'completes <Line> to <Expected>' -TestCases @(
        @{ Line = 'New-ChuiziVideo x -Model veo'; Expected = 'google/veo-3.1', 'google/veo-3.1-fast', 'google/veo-3.1-lite' }
        @{ Line = "Import-Csv prompts.csv | New-ChuiziVideo -Image kite.png -Model '"; Expected = "'bailian/happyhorse-1.0-i2v'", "'bailian/wan2.6-i2v'" }
        @{ Line = 'New-ChuiziVideo x -Model bailian/wan2.7-t2v -Duration '; Expected = '2', '3', '4', '5' }
        @{ Line = 'New-ChuiziVideo x -AspectRatio '; Expected = '16:9', '9:16' }
        @{ Line = 'New-ChuiziVideo x -Resolution '; Expected = '720P', '1080P' }
        @{ Line = 'Get-ChuiziVideoModel -Provider g'; Expected = "'Google Vertex'" }
        @{ Line = 'Get-ChuiziVideoModel -Provider "Alibaba Bailian" -Type i'; Expected = 'image-to-video' }
    ) {
        @((Get-Completion $Line).CompletionText)[0..($Expected.Count - 1)] | Should -Be $Expected
    }

    It 'takes a splatted table into account' {
        $global:splatted = @{ Model = 'bedrock/nova-reel-1.0' }
        (Get-Completion 'New-ChuiziVideo x @splatted -Duration ').CompletionText | Should -Be '6'
    }

    It 'offers the videos of a ledger that was named in the session, and runs with what it inserts' {
        $videos = 'a kite', 'a forbidden boat' | New-ChuiziVideo -Ledger "$TestDrive/it's a [run].jsonl"
        $null = $videos[0] | Wait-ChuiziVideo
        $offered = @(Get-Completion 'Save-ChuiziVideo -Id ')
        $offered.CompletionText | Should -Be $videos[0].Id, $videos[1].Id
        $offered[0].ToolTip | Should -Match '^succeeded google/veo-3\.1-lite, \d+s ago: a kite$'
        Get-Completion "Save-ChuiziVideo -Id $($videos[0].Id), " | ForEach-Object CompletionText | Should -Be $videos[1].Id
        (Invoke-Expression "Get-ChuiziVideo -Id $($offered[0].CompletionText)").Status | Should -Be 'succeeded'
    }

    It 'inserts a path with brackets as it is' {
        Push-Location $TestDrive
        try {
            $text = (Get-Completion "Get-ChuiziVideo -Ledger it").CompletionText
            $text | Should -Be "'it''s a [run].jsonl'"
            @(Invoke-Expression "Get-ChuiziVideo -Ledger $text") | Should -HaveCount 2
        }
        finally {
            Pop-Location
        }
    }

    It 'needs neither a key nor a connection' {
        $run = Invoke-Pwsh "Import-Module '$moduleFolder'; `$line = 'Get-ChuiziVideoModel -Online -Name '; (TabExpansion2 `$line `$line.Length).CompletionMatches.Count"
        $run.Lines | Should -Be '12'
    }
}
