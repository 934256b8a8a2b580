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
        $server = Start-SshServer $desk
        $Obstacle = $server.Problem
        if ($Obstacle) {
            return
        }

        $options = $server.Options
        $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
        $key = ConvertTo-SecureString $sandbox.ApiKey -AsPlainText
        $session = New-PSSession -HostName localhost @options -ErrorAction Stop
        Invoke-Command $session {
            Import-Module $using:moduleFolder
            # The key goes as a SecureString, which remoting encrypts.
            Connect-ChuiziVideo $using:key -BaseUri ($using:sandbox).BaseAddress
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
            Stop-ChuiziVideoSandbox
        }

        if ($server) {
            Stop-SshServer $server
            Remove-Item $desk -Recurse -Force
        }
    }

    It 'waits there for a video of here, saves it there, and gives it back' {
        $result = $video | Invoke-Command $session -ScriptBlock { $input | Wait-ChuiziVideo | Save-ChuiziVideo -Destination far -FileName { $_.Input.Slug } } -ErrorAction Stop
        $result.PSObject.TypeNames[0] | Should -Be 'Deserialized.Chuizi.Video.Video'
        $result.Id | Should -Be $video.Id
        $result.Status | Should -Be 'succeeded'
        $result.Cost | Should -BeOfType [decimal]
        $result.Latency | Should -BeOfType [timespan]
        $result.Input.Slug | Should -Be 'lake'
        # Whichever way the path of the temporary folder leads.
        $result.Path | Should -BeLike '*home/far/lake.mp4'
        "$($server.Home)/far/lake.mp4" | Should -Exist

        $again = $result | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $desk/near
        $again.Sha256 | Should -Be $result.Sha256
        $again.Path | Should -Exist
        (Get-ChuiziVideo -Ledger $desk/run.jsonl).Path | Should -Be $again.Path
    }

    It 'waits there by id' {
        $id = $video.Id
        $result = Invoke-Command $session { Wait-ChuiziVideo $using:id | Save-ChuiziVideo -Destination by-id } -ErrorAction Stop
        $result.Id | Should -Be $id
        "$($server.Home)/by-id/$id.mp4" | Should -Exist
    }

    It 'makes a video there that goes on here' {
        $made = Invoke-Command $session { New-ChuiziVideo 'a hill' -Duration 4 -Ledger there.jsonl } -ErrorAction Stop
        $saved = $made | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $desk/made
        $saved.Path | Should -Exist
        $saved.Prompt | Should -Be 'a hill'
    }

    It 'carries errors back with their ids, and the videos that they are about' {
        $failed = Invoke-Command $session { New-ChuiziVideo 'forbidden' | Wait-ChuiziVideo } -ErrorAction SilentlyContinue -ErrorVariable problems
        $failed.Status | Should -Be 'failed'
        $failed.Error.Message | Should -Be 'Content policy violation'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'GenerationFailed,Chuizi.Video.Module.Commands.WaitChuiziVideoCommand'
        $problems[0].TargetObject.Id | Should -Be $failed.Id
    }

    It 'runs on several hosts at once, by Invoke-Command -HostName alone' {
        $videos = 'one', 'two' | New-ChuiziVideo -Duration 4
        $results = Invoke-Command -HostName localhost, 127.0.0.1 @options -ErrorAction Stop {
            Import-Module $using:moduleFolder
            $env:CHUIZI_API_KEY = [Net.NetworkCredential]::new('', $using:key).Password
            $env:CHUIZI_BASE_URL = ($using:sandbox).BaseAddress
            $using:videos | Wait-ChuiziVideo
        }
        $results | Should -HaveCount 4
        $results.Status | Select-Object -Unique | Should -Be 'succeeded'
        $results.PSComputerName | Sort-Object -Unique | Should -Be '127.0.0.1', 'localhost'
        $results.Id | Sort-Object -Unique | Should -Be ($videos.Id | Sort-Object)
    }
}
