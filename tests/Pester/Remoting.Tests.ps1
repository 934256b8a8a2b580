BeforeDiscovery {
    . "$PSScriptRoot/SshServer.ps1"
    $obstacle = Get-SshObstacle
}

Describe 'Remoting over SSH' -ForEach @{ Obstacle = $obstacle } {
    BeforeAll {
        if ($Obstacle) {
            return
        }

        . "$PSScriptRoot/Support.ps1"
        . "$PSScriptRoot/SshServer.ps1"
        $desk = [IO.Directory]::CreateTempSubdirectory('chuizi-ssh-').FullName
        $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
        # The environment of both hosts points to the sandbox.
        $servers = 'render1', 'render2' | ForEach-Object { Start-SshServer $desk $_ -Environment @{ CHUIZI_BASE_URL = $sandbox.BaseAddress } }
        $Obstacle = $servers.Problem | Select-Object -First 1
        if ($Obstacle) {
            return
        }

        $server = $servers[0]
        $options = $server.Options
        $hosts = "localhost:$($servers[0].Port)", "127.0.0.1:$($servers[1].Port)"
        $key = ConvertTo-SecureString $sandbox.ApiKey -AsPlainText
        $session = New-PSSession -HostName $hosts[0] @options -ErrorAction Stop
        Invoke-Command $session {
            Import-Module $using:moduleFolder
            # Remoting encrypts a SecureString.
            Connect-ChuiziVideo $using:key
        } -ErrorAction Stop
        $video = [pscustomobject]@{ Prompt = 'a lake'; Duration = 4; Slug = 'lake' } | New-ChuiziVideo -Ledger $desk/run.jsonl
    }

    BeforeEach {
        if ($Obstacle) {
            Set-ItResult -Skipped -Because $Obstacle
        }
    }

    AfterAll {
        if ($session) {
            Remove-PSSession $session
        }

        if ($sandbox) {
            Stop-ChuiziVideoSandbox
            $servers | ForEach-Object { Stop-SshServer $_ }
            Remove-Item $desk -Recurse -Force
        }
    }

    It 'waits remotely for a local video, saves it remotely, and returns it' {
        $result = $video | Invoke-Command $session -ScriptBlock { $input | Wait-ChuiziVideo | Save-ChuiziVideo -Destination far -FileName { $_.Input.Slug } } -ErrorAction Stop
        $result.PSObject.TypeNames[0] | Should -Be 'Deserialized.Chuizi.Video.Video'
        $result.Id | Should -Be $video.Id
        $result.Status | Should -Be 'succeeded'
        $result.Cost | Should -BeOfType [decimal]
        $result.Latency | Should -BeOfType [double]
        $result.Input.Slug | Should -Be 'lake'
        # The path to the temporary folder may contain symbolic links.
        $result.Path | Should -BeLike '*render1/far/lake.mp4'
        "$($server.Home)/far/lake.mp4" | Should -Exist

        $again = $result | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $desk/near
        $again.Sha256 | Should -Be $result.Sha256
        $again.Path | Should -Exist
        (Get-ChuiziVideo -Ledger $desk/run.jsonl).Path | Should -Be $again.Path
    }

    It 'waits remotely by id' {
        $id = $video.Id
        $result = Invoke-Command $session { Wait-ChuiziVideo $using:id | Save-ChuiziVideo -Destination by-id } -ErrorAction Stop
        $result.Id | Should -Be $id
        "$($server.Home)/by-id/$id.mp4" | Should -Exist
    }

    It 'submits a video remotely that can be piped on locally' {
        $made = Invoke-Command $session { New-ChuiziVideo 'a hill' -Duration 4 -Ledger there.jsonl } -ErrorAction Stop
        $saved = $made | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $desk/made
        $saved.Path | Should -Exist
        $saved.Prompt | Should -Be 'a hill'
    }

    It 'returns errors with their ids and their videos' {
        $failed = Invoke-Command $session { New-ChuiziVideo 'forbidden' | Wait-ChuiziVideo } -ErrorAction SilentlyContinue -ErrorVariable problems
        $failed.Status | Should -Be 'failed'
        $failed.Error.Message | Should -Be 'Content policy violation'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'GenerationFailed,Chuizi.Video.Module.Commands.WaitChuiziVideoCommand'
        $problems[0].TargetObject.Id | Should -Be $failed.Id
    }

    It 'runs on several hosts at once with Invoke-Command -HostName' {
        $videos = 'one', 'two' | New-ChuiziVideo -Duration 4
        $results = Invoke-Command -HostName $hosts @options -ErrorAction Stop {
            Import-Module $using:moduleFolder
            $env:CHUIZI_API_KEY = [Net.NetworkCredential]::new('', $using:key).Password
            $using:videos | Wait-ChuiziVideo
        }
        $results | Should -HaveCount 4
        $results.Status | Select-Object -Unique | Should -Be 'succeeded'
        $results.PSComputerName | Sort-Object -Unique | Should -Be '127.0.0.1', 'localhost'
        $results.Id | Sort-Object -Unique | Should -Be ($videos.Id | Sort-Object)
    }

    It 'shares a list between hosts as docs/guides/scale-out.md describes' {
        $guide = [IO.File]::ReadAllText("$root/docs/guides/scale-out.md").ReplaceLineEndings("`n")
        $block = [regex]::Match($guide, '(?ms)^<!-- not run: it needs two hosts; [^\n]*-->\n```powershell\n(?<code>.*?)^```$').Groups['code'].Value
        $block | Should -Match "'render1', 'render2'"
        Set-Location $desk
        1..6 | ForEach-Object { [pscustomobject]@{ Prompt = "take $_"; Duration = 4; FileName = "take-$_" } } | Export-Csv prompts.csv
        Copy-Item $examples, "$root/output" . -Recurse
        $PSDefaultParameterValues = @{}
        foreach ($name in $options.Keys) {
            $PSDefaultParameterValues["New-PSSession:$name"] = $options[$name]
        }

        # Both hosts are this machine, so that they can share a file.
        function Read-Host([string] $Prompt, [switch] $AsSecureString, [switch] $MaskInput) { $MaskInput ? "$desk/shared.jsonl" : $key }
        $before = (Get-ChuiziVideoAccount).Balance
        $there = $hosts
        $script = [scriptblock]::Create($block.Replace("'render1', 'render2'", '$there'))
        . $script

        $summaries.ExitCode | Should -Be 0, 0
        $summaries.Saved | Should -Be 6, 6
        $summaries.PSComputerName | Sort-Object | Should -Be '127.0.0.1', 'localhost'
        (Get-ChildItem "$desk/render*/chuizi/videos/*.mp4").Name | Sort-Object -Unique | Should -HaveCount 6
        $before - (Get-ChuiziVideoAccount).Balance | Should -Be (6 * 0.12)

        # In a rerun, each host downloads the files of the other one, and nothing is submitted.
        . $script
        $summaries.ExitCode | Should -Be 0, 0 -Because "$($summaries.Problems)"
        $summaries.Saved | Should -Be 6, 6
        Get-ChildItem "$desk/render*/chuizi/videos/*.mp4" | Should -HaveCount 12

        # As the guide says, the files are downloaded again on this machine, and nothing is submitted.
        $saved = Get-ChuiziVideo -Ledger $ledger | Save-ChuiziVideo videos
        $saved | Should -HaveCount 6
        $before - (Get-ChuiziVideoAccount).Balance | Should -Be (6 * 0.12)
        Select-String $sandbox.ApiKey "$desk/render*/chuizi/*", shared.jsonl | Should -BeNullOrEmpty
    }

    AfterEach {
        Set-Location $root
    }
}
